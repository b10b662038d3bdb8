using System.Text.Json;
using ByokOperator.Hosting;
using ByokOperator.Importing.Serving;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

public sealed class ApiKeyTests
{
    private static readonly string[] create = ["create", "--enterprise", "dave", "--tenant-namespace", "acme", "--key", "main"];

    [Fact]
    public void The_command_shows_the_key_once_and_its_record_holds_the_hash_alone()
    {
        var (exitCode, manifest, person) = Run([.. create, "--expires-after", "24h"]);
        exitCode.ShouldBe(0);
        var shown = ApiKey.Parse(person.Trim().Split(' ')[^1]).ShouldNotBeNull();
        manifest.ShouldNotContain(shown.Reveal()[17..]);

        var secret = JsonSerializer.Deserialize(manifest, Secret.Json)!;
        (secret.ApiVersion, secret.KindName, secret.Metadata.Key).ShouldBe(("v1", "Secret", new ObjectKey("byok-system", $"byok-apikey-{shown.Id}")));
        var record = ApiKeySecret.Read(secret).ShouldNotBeNull();
        (record.Enterprise, record.Key).ShouldBe(("dave", new ObjectKey("acme", "main")));
        var now = new SetTime().GetUtcNow();
        ApiKeyRecord.Admits(record, shown, now).ShouldBeTrue();
        ApiKeyRecord.Admits(record, shown, now + TimeSpan.FromHours(24)).ShouldBeFalse();
        ApiKeyRecord.Admits(record, ApiKey.Make(), now).ShouldBeFalse();
        ApiKeyRecord.Admits(null, shown, now).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--expires-after", "tomorrow")]
    [InlineData("--expires-after", "-1h")]
    [InlineData("--enterprise", "a/b")]
    public void A_wrong_word_is_refused_with_its_mend(string option, string value)
    {
        string[] arguments = option == "--enterprise" ? [.. create[..2], value, .. create[3..]] : [.. create, option, value];
        var (exitCode, manifest, person) = Run(arguments);
        (exitCode, manifest).ShouldBe((2, ""));
        person.ShouldContain($"{option}");
    }

    [Theory]
    [InlineData("enterprise")]
    [InlineData("hash")]
    [InlineData("salt")]
    public void A_record_that_is_not_whole_opens_nothing(string missing)
    {
        var secret = JsonSerializer.Deserialize(Run(create).Manifest, Secret.Json)!;
        ApiKeySecret.Read(secret).ShouldNotBeNull();
        ApiKeySecret.Read(secret with { Data = secret.Data!.Where(entry => entry.Key != missing).ToDictionary() }).ShouldBeNull();
        ApiKeySecret.Read(secret with { Type = "Opaque" }).ShouldBeNull();
        ApiKeySecret.Read(secret with { Data = new Dictionary<string, byte[]>(secret.Data!) { ["expiresAt"] = "soon"u8.ToArray() } }).ShouldBeNull("an end that can't be read must not mean none");
    }

    [Theory]
    [InlineData("0.0.0.0:8443", null, null, "need")]
    [InlineData("0.0.0.0:8443", "cert.pem", null, "together")]
    [InlineData("anywhere", null, null, "address:port")]
    [InlineData("127.0.0.1:0", "/nowhere.pem", "/nowhere.key", "can't be used")]
    public void A_listener_that_would_speak_in_the_clear_or_not_at_all_is_refused(string listen, string? certificate, string? key, string word) =>
        ImportFlags.Violations(new ImportSettings { WrappingName = "eu", Listen = listen, TlsCertificate = certificate, TlsKey = key }).ShouldHaveSingleItem().ShouldContain(word);

    [Fact]
    public void A_loopback_listener_may_speak_in_the_clear() =>
        ImportFlags.Violations(new ImportSettings { WrappingName = "eu", Listen = "127.0.0.1:8443" }).ShouldBeEmpty();

    private static (int ExitCode, string Manifest, string Person) Run(string[] arguments)
    {
        var (manifest, person) = (new StringWriter(), new StringWriter());
        var exitCode = ApiKeyCommand.Act(ApiKeyCommand.Create().Parse(arguments), new SetTime(), manifest, person);
        return (exitCode, manifest.ToString(), person.ToString());
    }
}
