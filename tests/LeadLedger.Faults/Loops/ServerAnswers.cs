using System.Buffers.Binary;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// Follows which messages of a client the server has answered, by the order that the protocol promises: each Parse, Bind, Describe, Execute and Close
/// has its answer, an error answers everything up to the next Sync.
/// </summary>
public sealed class ServerAnswers
{
    private readonly Queue<(char Kind, long Number)> _open = new();
    private byte[] _rest = [];
    private long _sent;
    private bool _failed;
    private (long Number, TaskCompletionSource Done)? _awaited;

    /// <summary>Notes a message that goes to the server, and answers its running number on this connection.</summary>
    public long Sent(char kind)
    {
        lock (_open)
        {
            var number = ++_sent;
            if (kind is not ('H' or 'X' or 'd') && !(_failed && kind is not 'S'))
            {
                _open.Enqueue((kind, number));
            }

            return number;
        }
    }

    /// <summary>Completes when the server has answered that message, or will never answer it.</summary>
    public Task AnsweredAsync(long number)
    {
        lock (_open)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = (number, done);
            CompleteAwaited();
            return done.Task;
        }
    }

    /// <summary>Reads what the server sent.</summary>
    public void Received(ReadOnlySpan<byte> bytes)
    {
        lock (_open)
        {
            byte[] buffer = [.. _rest, .. bytes];
            var at = 0;
            while (at < buffer.Length)
            {
                if (_open.TryPeek(out var first) && first.Kind == FrontendMessages.Encryption)
                {
                    _open.Dequeue();
                    at++;
                    continue;
                }

                if (buffer.Length - at < 5 || BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at + 1)) + 1 > buffer.Length - at)
                {
                    break;
                }

                Answer((char)buffer[at]);
                at += BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at + 1)) + 1;
            }

            _rest = buffer[at..];
            CompleteAwaited();
        }
    }

    private void Answer(char kind)
    {
        if (!_open.TryPeek(out var head))
        {
            return;
        }

        switch (kind)
        {
            case 'E' when head.Kind is not ('Q' or FrontendMessages.Startup or 'p'):
                while (_open.TryPeek(out var skipped) && skipped.Kind != 'S')
                {
                    _open.Dequeue();
                }

                _failed = _open.Count == 0;
                break;
            case 'Z' when head.Kind is 'S' or 'Q':
                _failed = false;
                _open.Dequeue();
                break;
            case '1' when head.Kind == 'P':
            case '2' when head.Kind == 'B':
            case '3' when head.Kind == 'C':
            case 'T' or 'n' when head.Kind == 'D':
            case 'C' or 'I' or 's' when head.Kind == 'E':
            case 'R' or 'E' when head.Kind is FrontendMessages.Startup or 'p':
                _open.Dequeue();
                break;
            default:
                break;
        }
    }

    private void CompleteAwaited()
    {
        if (_awaited is var (number, done) && (!_open.TryPeek(out var oldest) || oldest.Number > number))
        {
            done.TrySetResult();
        }
    }
}
