using System.Text.Encodings.Web;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.Calendars;
using NodaTime;

namespace LeadLedger.Tests.Businesses;

/// <summary>
/// docs/configuration.md describes every property, with the default, example and words of the schema.
/// </summary>
public sealed class ConfigurationDocumentTests
{
    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] _lines =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "configuration.md"));

    [Fact]
    public void Every_property_has_its_row_and_every_row_its_property()
    {
        var start = Array.IndexOf(_lines, "### The business");
        var rows = _lines[start..].Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Assert.Equal(
            SchemaWalk.Paths().Select(Row).Order(StringComparer.Ordinal),
            rows.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("ConnectionStrings__Ledger")]
    [InlineData("LEADLEDGER_DATA")]
    [InlineData("LEADLEDGER_CONFIG")]
    [InlineData("LEADLEDGER_ADMIN_KEY")]
    [InlineData("PUBLIC_BASE_URL")]
    [InlineData("TWILIO_ACCOUNT_SID")]
    [InlineData("TWILIO_AUTH_TOKEN")]
    [InlineData("TWILIO_PREVIOUS_AUTH_TOKEN")]
    [InlineData("TWILIO_API_BASE_URL")]
    [InlineData("SMTP_URL")]
    [InlineData("CALENDLY_BOOKING_URL")]
    [InlineData("LEADLEDGER_POSTGRES_BIN")]
    [InlineData("LEADLEDGER_POSTGRES_FETCH")]
    [InlineData("LEADLEDGER_ALLOW_UNSAFE_SERVER")]
    public void Every_environment_variable_has_its_row(string name) =>
        Assert.Single(_lines, line => line.StartsWith($"| `{name}` |", StringComparison.Ordinal));

    [Fact]
    public void The_shipped_windows_are_described_as_they_are()
    {
        foreach (var window in SendingWindow.Profiles.Values)
        {
            var (monday, sunday) = (window.Hours[IsoDayOfWeek.Monday][0], window.Hours[IsoDayOfWeek.Sunday][0]);
            Assert.Contains($"| `{window.Name}` | {monday}{(monday == sunday ? " every day" : $", Sunday {sunday}")} |", _lines);
        }
    }

    private static string Row(string path)
    {
        var split = path.LastIndexOf('.');
        var (parent, name) = split < 0 ? ("", path) : (path[..split], path[(split + 1)..]);
        var use = SchemaWalk.UseAt(path);
        var definition = BusinessSchema.Definition(use);
        var required = SchemaWalk.At(parent).TryGetProperty("required", out var names)
            && names.EnumerateArray().Any(each => each.ValueEquals(name));
        var byDefault = required ? "required" : use.TryGetProperty("default", out var value) ? Literal(value) : "";
        var example = use.TryGetProperty("examples", out var own) || definition.TryGetProperty("examples", out own)
            ? Literal(own[0])
            : "";
        var words = (use.TryGetProperty("description", out var said) ? said : definition.GetProperty("description")).GetString();
        return $"| `{path}` | {byDefault} | {example} | {words} |";
    }

    private static string Literal(JsonElement value) => $"`{JsonSerializer.Serialize(value, _plain)}`";
}
