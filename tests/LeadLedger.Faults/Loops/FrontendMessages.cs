using System.Buffers.Binary;
using System.Text;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// The messages of one PostgreSQL client as they pass: the startup message has no type byte, every other has one and a length. Remembers which
/// statement a prepared name stands for, so that a message can be told in words.
/// </summary>
public sealed class FrontendMessages
{
    private const int CancelRequest = 80877102;
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;

    private readonly Dictionary<string, string> _statements = new(StringComparer.Ordinal);
    private bool _started;
    private string _bound = "";

    /// <summary>The kind that a startup message is given here; PostgreSQL gives it none.</summary>
    public const char Startup = '^';

    /// <summary>A request for encryption, answered with one byte instead of a message.</summary>
    public const char Encryption = '?';

    /// <summary>Length of the first message in the buffer, or 0 when it is not complete yet.</summary>
    public int LengthOf(ReadOnlySpan<byte> buffer)
    {
        var head = _started ? 5 : 4;
        if (buffer.Length < head)
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(buffer[(head - 4)..]) + (_started ? 1 : 0);
        return buffer.Length < length ? 0 : length;
    }

    /// <summary>Reads one whole message.</summary>
    public (char Kind, string Words) Read(ReadOnlySpan<byte> message)
    {
        if (!_started)
        {
            var code = BinaryPrimitives.ReadInt32BigEndian(message[4..]);
            _started = code is not (SslRequest or GssRequest);
            return code is SslRequest or GssRequest ? (Encryption, "encryption request")
                : code == CancelRequest ? ('X', "cancel request") : (Startup, "startup");
        }

        var kind = (char)message[0];
        var body = message[5..];
        return (kind, kind switch
        {
            'P' => $"parse {Parse(body)}",
            'B' => $"bind {_bound = Statement(Text(body[(Text(body).Length + 1)..]))}",
            'D' => $"describe {(body[0] == 'S' ? Statement(Text(body[1..])) : _bound)}",
            'E' => $"execute {_bound}",
            'C' => "close",
            'S' => "sync",
            'H' => "flush",
            'Q' => $"query {Shorten(Text(body))}",
            'p' => "password",
            'X' => "terminate",
            _ => $"message {kind}",
        });
    }

    private string Parse(ReadOnlySpan<byte> body)
    {
        var name = Text(body);
        var statement = Shorten(Text(body[(Encoding.UTF8.GetByteCount(name) + 1)..]));
        _statements[name] = statement;
        return statement;
    }

    private string Statement(string name) => _statements.GetValueOrDefault(name, name);

    private static string Text(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body[..body.IndexOf((byte)0)]);

    // Enough words to tell the statements of the product apart.
    private static string Shorten(string sql)
    {
        var line = string.Join(' ', sql.Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 48 ? line : line[..48];
    }
}
