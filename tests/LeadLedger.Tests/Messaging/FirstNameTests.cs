using FsCheck;
using FsCheck.Fluent;
using LeadLedger.Messaging;

namespace LeadLedger.Tests.Messaging;

[Trait("Requirement", "NRM-13")]
public sealed class FirstNameTests
{
    [Theory]
    [InlineData("Maria Lopez", "Maria")]
    [InlineData("  maria   lopez ", "Maria")]
    [InlineData("MARIA LOPEZ", "Maria")]
    [InlineData("Maria", "Maria")]
    [InlineData("Lopez, Maria", "Maria")]
    [InlineData("LOPEZ, MARIA A", "Maria")]
    [InlineData("Smith, Dr. John", "John")]
    [InlineData("Dr. John Smith", "John")]
    [InlineData("Mr John Smith Jr.", "John")]
    [InlineData("John Smith, DDS", "John")]
    [InlineData("Smith, Jr., John", "John")]
    [InlineData("Sra. Ana Pérez", "Ana")]
    [InlineData("Robert (Bob) Smith", "Robert")]
    [InlineData("mary-ann o'neil", "Mary-Ann")]
    [InlineData("O\u2019NEIL, D\u2019ANGELO", "D'Angelo")]
    [InlineData("DeShawn Carter", "DeShawn")]
    [InlineData("JD Vickers", "JD")]
    [InlineData("AL SMITH", "Al")]
    [InlineData("Jo March", "Jo")]
    [InlineData("🌟 Maria 🌟 Lopez", "Maria")]
    [InlineData("Zoë Ng", "Zoë")]
    [InlineData("Иван Петров", "Иван")]
    [InlineData("Lynn Park", "Lynn")]
    [InlineData("Ng Thi Lan", null)]
    public void The_first_name_in_its_usual_spelling(string fullName, string? firstName) =>
        Assert.Equal(firstName, FirstName.From(fullName));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("null")]
    [InlineData("null null")]
    [InlineData("undefined")]
    [InlineData("N/A")]
    [InlineData("{{first_name}}")]
    [InlineData("Unknown Caller")]
    [InlineData("WIRELESS CALLER")]
    [InlineData("Anonymous")]
    [InlineData("Test Test")]
    public void A_placeholder_is_no_name(string? fullName) => Assert.Null(FirstName.From(fullName));

    [Theory]
    [InlineData("Acme Roofing LLC")]
    [InlineData("Smith Plumbing, Inc.")]
    [InlineData("Bright Smile Dental")]
    [InlineData("Smith & Sons")]
    [InlineData("The Johnson Group")]
    [InlineData("Oak Hill Apartments")]
    public void A_company_is_not_greeted_by_name(string fullName) => Assert.Null(FirstName.From(fullName));

    [Theory]
    [InlineData("J. Smith")]
    [InlineData("J Smith")]
    [InlineData("J.R. Smith")]
    [InlineData("Mr. Smith")]
    [InlineData("Dr. Lee")]
    [InlineData("Mrs")]
    [InlineData("John and Mary Smith")]
    [InlineData("John & Mary Smith")]
    [InlineData("John/Mary Smith")]
    [InlineData("xkcdfg hjkl")]
    [InlineData("maria@example.com")]
    [InlineData("512-555-0142")]
    [InlineData("王小明")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("Wolfeschlegelsteinhausenberger Adolph")]
    [InlineData("🌟🌟")]
    [InlineData(",")]
    [InlineData("...")]
    public void In_doubt_there_is_no_name(string fullName) => Assert.Null(FirstName.From(fullName));

    [Fact]
    public void Whatever_is_typed_gives_a_printable_name_or_none() =>
        Prop.ForAll<string>(name => FirstName.From(name) is not { } first ||
                (first.Length is >= 2 and <= 20 && !first.Any(char.IsControl) && !first.Any(char.IsWhiteSpace)))
            .QuickCheckThrowOnFailure();
}
