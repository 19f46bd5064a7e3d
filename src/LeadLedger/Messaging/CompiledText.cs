namespace LeadLedger.Messaging;

/// <summary>A text split once into literals and variables, grouped by sentence, so that rendering only copies.</summary>
internal sealed class CompiledText
{
    private readonly Part[] parts;
    private readonly Sentence[] sentences;
    private readonly bool transliterate;
    private readonly string? optOutLine;
    private readonly int typicalLength;

    public CompiledText(string text, Template template)
    {
        transliterate = template.Transliterate;
        var builder = new Builder(template.Transliterate, template.Locale);
        builder.Read(text);
        parts = [.. builder.Parts];
        sentences = [.. builder.Sentences];
        optOutLine = template.OptOutLine && template.Audience == TemplateAudience.Lead && !SaysStop(text)
            ? OptOutLines.In(template.Locale)
            : null;
        typicalLength = text.Length + 128;
    }

    /// <summary>Names used, in order of first use, known or not.</summary>
    public IEnumerable<string> Names =>
        parts.Where(part => part.Name is not null).Select(part => part.Name!).Distinct();

    /// <summary>A variable is missing whose whole sentence would be lost.</summary>
    public bool LosesSentence(IReadOnlyDictionary<string, string?> variables)
    {
        foreach (var part in parts)
        {
            if (part.Variable is { WhenMissing: WhenMissing.OmitSentence } && part.IsMissing(variables))
            {
                return true;
            }
        }

        return false;
    }

    public RenderedText Render(IReadOnlyDictionary<string, string?> variables)
    {
        var buffer = new TextBuffer(stackalloc char[Math.Min(typicalLength, 1024)]);
        List<string>? missing = null;
        var sendable = true;
        foreach (var sentence in sentences)
        {
            if (Resolve(sentence, variables, ref missing, ref sendable))
            {
                Write(ref buffer, sentence, variables);
            }
        }

        buffer.TrimEnd();
        sendable &= buffer.Length > 0;
        if (optOutLine is not null && buffer.Length > 0)
        {
            buffer.Append(' ');
            buffer.Append(optOutLine);
        }

        var length = SmsSegments.Measure(buffer.Written);
        var body = buffer.ToString();
        buffer.Dispose();
        return new(body, length, missing is null ? [] : missing, sendable);
    }

    /// <summary>False when the sentence cannot be printed.</summary>
    private bool Resolve(
        Sentence sentence,
        IReadOnlyDictionary<string, string?> variables,
        ref List<string>? missing,
        ref bool sendable)
    {
        var printable = true;
        for (var i = sentence.Start; i < sentence.End; i++)
        {
            ref readonly var part = ref parts[i];
            if (part.Name is null || !part.IsMissing(variables))
            {
                continue;
            }

            missing ??= [];
            if (!missing.Contains(part.Name))
            {
                missing.Add(part.Name);
            }

            var rule = part.Variable?.WhenMissing ?? WhenMissing.Refuse;
            sendable &= rule != WhenMissing.Refuse;
            printable &= rule is WhenMissing.OmitWords or WhenMissing.Fallback;
        }

        return printable;
    }

    private void Write(ref TextBuffer buffer, Sentence sentence, IReadOnlyDictionary<string, string?> variables)
    {
        for (var i = sentence.Start; i < sentence.End; i++)
        {
            ref readonly var part = ref parts[i];
            if (part.Variable is not { } variable)
            {
                // No second full stop after a value such as Inc., no second space where words were left out.
                var literal = part.Literal.AsSpan();
                var repeats = literal is ['.', ..] ? buffer.Last is '.' or '!' or '?'
                    : literal is [' ', ..] && buffer.Last is ' ' or '\n' or '\0';
                buffer.Append(repeats ? literal[1..] : literal);
            }
            else if (!part.IsMissing(variables))
            {
                VariableValue.Append(ref buffer, variables[variable.Name], variable.MaxLength, transliterate);
            }
            else if (variable.WhenMissing == WhenMissing.Fallback)
            {
                buffer.Append(part.Fallback);
            }
            else
            {
                buffer.TrimEnd();
            }
        }
    }

    private static bool SaysStop(string text)
    {
        var at = text.IndexOf("STOP", StringComparison.Ordinal);
        return at >= 0 &&
            (at == 0 || !char.IsLetter(text[at - 1])) &&
            (at + 4 == text.Length || !char.IsLetter(text[at + 4]));
    }

    private readonly record struct Sentence(int Start, int End);

    private readonly record struct Part(string? Literal, string? Name, TemplateVariable? Variable, string? Fallback)
    {
        /// <summary>An unknown variable is always missing.</summary>
        public bool IsMissing(IReadOnlyDictionary<string, string?> variables) =>
            Variable is null || !variables.TryGetValue(Variable.Name, out var value) ||
            VariableValue.IsMissing(value, Variable);
    }

    private sealed class Builder(bool transliterate, string locale)
    {
        private int sentenceStart;

        public List<Part> Parts { get; } = [];

        public List<Sentence> Sentences { get; } = [];

        public void Read(string text)
        {
            var at = 0;
            while (at < text.Length)
            {
                var open = text.IndexOf("{{", at, StringComparison.Ordinal);
                if (open < 0)
                {
                    AddLiteral(text[at..]);
                    break;
                }

                AddLiteral(text[at..open]);
                var close = text.IndexOf("}}", open, StringComparison.Ordinal);
                var end = close >= 0 ? close : EndOfLine(text, open);
                AddVariable(close >= 0 ? text[(open + 2)..end].Trim() : text[open..end]);
                at = close >= 0 ? close + 2 : end;
            }

            EndSentence();
        }

        private static int EndOfLine(string text, int from) =>
            text.IndexOf('\n', from) is var line and >= 0 ? line : text.Length;

        private void AddVariable(string name)
        {
            var variable = TemplateVariables.Find(name);
            var fallback = variable?.FallbackIn(locale);
            Parts.Add(new(null, name, variable, fallback));
        }

        private void AddLiteral(string text)
        {
            var plain = transliterate ? Gsm7.Transliterate(text) : text;
            var start = 0;
            for (var i = 0; i < plain.Length; i++)
            {
                if (plain[i] != '\n' && !(plain[i] is '.' or '!' or '?' && i + 1 < plain.Length && plain[i + 1] == ' '))
                {
                    continue;
                }

                i += plain[i] == '\n' ? 0 : 1;
                Parts.Add(new(plain[start..(i + 1)], null, null, null));
                EndSentence();
                start = i + 1;
            }

            if (start < plain.Length)
            {
                Parts.Add(new(plain[start..], null, null, null));
            }
        }

        private void EndSentence()
        {
            if (Parts.Count > sentenceStart)
            {
                Sentences.Add(new(sentenceStart, Parts.Count));
                sentenceStart = Parts.Count;
            }
        }
    }
}
