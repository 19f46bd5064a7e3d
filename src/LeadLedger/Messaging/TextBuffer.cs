using System.Buffers;

namespace LeadLedger.Messaging;

/// <summary>Collects a text on the stack, in a rented array when it grows; the only allocation is the final string.</summary>
internal ref struct TextBuffer(Span<char> initial)
{
    private Span<char> characters = initial;
    private char[]? rented;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<char> Written => characters[..Length];

    public readonly char Last => Length == 0 ? '\0' : characters[Length - 1];

    public void Append(char character)
    {
        if (Length == characters.Length)
        {
            Grow(1);
        }

        characters[Length++] = character;
    }

    public void Append(ReadOnlySpan<char> text)
    {
        if (text.Length > characters.Length - Length)
        {
            Grow(text.Length);
        }

        text.CopyTo(characters[Length..]);
        Length += text.Length;
    }

    public void ReplaceLast(char character) => characters[Length - 1] = character;

    public void CutTo(int length) => Length = Math.Min(Length, length);

    public void TrimEnd()
    {
        while (Length > 0 && char.IsWhiteSpace(characters[Length - 1]))
        {
            Length--;
        }
    }

    public readonly override string ToString() => Written.ToString();

    public void Dispose()
    {
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
            rented = null;
        }
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(characters.Length * 2, Length + more));
        Written.CopyTo(larger);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        characters = rented = larger;
    }
}
