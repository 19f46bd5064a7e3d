using System.Text;
using LeadLedger.Staff.Accounts;
using NodaTime;

namespace LeadLedger.Tests.Staff;

/// <summary>The vectors of RFC 6238, appendix B (SHA-1), last six digits; and of RFC 4648 for the written secret.</summary>
public sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code)
    {
        Assert.Equal(code, Totp.CodeOf(Secret, seconds / 30));
        Assert.Equal(seconds / 30, Totp.StepOf(Secret, code, Instant.FromUnixTimeSeconds(seconds)));
        Assert.Equal(seconds / 30, Totp.StepOf(Secret, code[..3] + " " + code[3..], Instant.FromUnixTimeSeconds(seconds + 30)));
        Assert.Null(Totp.StepOf(Secret, code, Instant.FromUnixTimeSeconds(seconds + 61)));
    }

    [Theory]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void The_secret_is_written_in_base32(string plain, string written)
    {
        Assert.Equal(written, Totp.Base32(Encoding.ASCII.GetBytes(plain)));
        Assert.Equal(plain, Encoding.ASCII.GetString(Totp.FromBase32(written)!));
        Assert.Null(Totp.FromBase32("1"));
    }
}
