using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LeadLedger.Businesses;
using LeadLedger.Hosting;
using NodaTime;
using Npgsql;

namespace LeadLedger.Staff.Accounts;

/// <summary>What a signed link says: this member of the staff may work on this one lead until then.</summary>
/// <param name="Business">Whose lead it is.</param>
/// <param name="Staff">Whom the alert went to.</param>
/// <param name="Lead">The only lead it opens.</param>
/// <param name="EndsAt">Until when.</param>
/// <param name="IsOver">It was good once and is not any more.</param>
public sealed record LeadLink(Business Business, StaffMember Staff, Guid Lead, Instant EndsAt, bool IsOver);

/// <summary>
/// Links in alerts that open one lead without signing in. The token is the end of its life (3 bytes, minutes), the lead (16) and 11 bytes of
/// HMAC-SHA256 over these with the business and the recipient, who are therefore not in it. That makes the link exactly as long as the plain
/// address it stands in for, so a text keeps the segments it was decided with. Decision 20 says why 88 bits are enough.
/// </summary>
public sealed class LeadLinks(NpgsqlDataSource database, BusinessDirectory businesses, StaffUsers users, ServiceAddress address, IClock clock)
{
    /// <summary>How long a link opens its lead.</summary>
    public static readonly Duration LivesFor = Duration.FromHours(48);

    private const int KeyBytes = 32;
    private const int EndBytes = 3;
    private const int SaidBytes = EndBytes + 16;
    private const int MacBytes = 11;
    private const int Letters = (SaidBytes + MacBytes) / 3 * 4;

    private static readonly Instant Epoch = Instant.FromUtc(2026, 1, 1, 0, 0);

    private byte[]? _key;

    /// <summary>The text with its plain address of the lead replaced by a signed one; unchanged when it goes to nobody in particular.</summary>
    public async Task<string> SignedAsync(string text, Business business, Guid lead, string recipient, CancellationToken cancellation) =>
        business.StaffOf(recipient) is { } staff
            ? text.Replace(address.Links.Lead(lead), $"{address.PublicBase}/m/{await TokenAsync(business, staff, lead, cancellation)}", StringComparison.Ordinal)
            : text;

    /// <summary>A token for a member of the staff and a lead, good from now on.</summary>
    public async Task<string> TokenAsync(Business business, StaffMember staff, Guid lead, CancellationToken cancellation)
    {
        var token = new byte[SaidBytes + MacBytes];
        Span<byte> end = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(end, (int)Math.Ceiling((clock.GetCurrentInstant() + LivesFor - Epoch).TotalMinutes));
        end[1..].CopyTo(token);
        lead.TryWriteBytes(token.AsSpan(EndBytes, 16), bigEndian: true, out _);
        Mac(await KeyAsync(cancellation), business, staff, token.AsSpan(0, SaidBytes)).CopyTo(token, SaidBytes);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>What a token says; null when it is not one of ours, or its member of the staff may not act any more.</summary>
    public async Task<LeadLink?> ReadAsync(string? token, CancellationToken cancellation)
    {
        if (token is not { Length: Letters } || !Base64Url.IsValid(token))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length != SaidBytes + MacBytes)
        {
            return null;
        }

        var key = await KeyAsync(cancellation);
        foreach (var business in businesses.All)
        {
            foreach (var staff in business.Staff)
            {
                if (CryptographicOperations.FixedTimeEquals(Mac(key, business, staff, bytes.AsSpan(0, SaidBytes)), bytes.AsSpan(SaidBytes)))
                {
                    return await IsBarredAsync(staff, cancellation) ? null : Of(business, staff, bytes);
                }
            }
        }

        return null;
    }

    private LeadLink Of(Business business, StaffMember staff, byte[] bytes)
    {
        var minutes = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
        var endsAt = Epoch + Duration.FromMinutes(minutes);
        return new LeadLink(business, staff, new Guid(bytes.AsSpan(EndBytes, 16), bigEndian: true), endsAt, clock.GetCurrentInstant() >= endsAt);
    }

    // Whoever lost their account, or only reads, does nothing by an old link either.
    private async Task<bool> IsBarredAsync(StaffMember staff, CancellationToken cancellation) =>
        await users.FindAsync(staff.Id, cancellation) is { } user && (user.DisabledAt is not null || user.Role == StaffUser.Auditor);

    private static byte[] Mac(byte[] key, Business business, StaffMember staff, ReadOnlySpan<byte> said)
    {
        byte[] message = [.. Encoding.UTF8.GetBytes($"lead link\n{business.Id}\n{staff.Id}\n"), .. said];
        return HMACSHA256.HashData(key, message)[..MacBytes];
    }

    private async Task<byte[]> KeyAsync(CancellationToken cancellation)
    {
        if (_key is { } known)
        {
            return known;
        }

        await using var make = database.CreateCommand("insert into staff_link_key (key) values ($1) on conflict do nothing");
        make.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = RandomNumberGenerator.GetBytes(KeyBytes) });
        await make.ExecuteNonQueryAsync(cancellation);
        await using var read = database.CreateCommand("select key from staff_link_key");
        return _key = (byte[])(await read.ExecuteScalarAsync(cancellation))!;
    }
}
