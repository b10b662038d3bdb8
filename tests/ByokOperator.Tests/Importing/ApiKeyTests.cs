using System.Text.Json;
using Byok.Import.Serving;
using Byok.Import.Tests;
using ByokOperator.Commands;
using ByokOperator.Hosting;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

public sealed class ApiKeyTests
{
    private const string Uid = "6e0f3b1e-6b0c-4c8c-9d57-5b2f6a1f7c11";

    private static readonly string[] create = ["create", "--enterprise", "dave", "--tenant-namespace", "acme",
        "--tenant-namespace-uid", Uid, "--key", "main"];

    [Fact]
    public void The_command_shows_the_key_once_and_its_record_holds_the_hash_alone()
    {
        var (exitCode, manifest, person) = Run([.. create, "--expires-after", "24h"]);
        exitCode.ShouldBe(0);
        var shown = ApiKey.Parse(person.Trim().Split(' ')[^1]).ShouldNotBeNull();
        manifest.ShouldNotContain(shown.Reveal()[17..]);

        var secret = JsonSerializer.Deserialize(manifest, Secret.Json)!;
        (secret.ApiVersion, secret.KindName,
            secret.Metadata.Key).ShouldBe(("v1", "Secret", new ObjectKey("byok-system", $"byok-apikey-{shown.Id}")));
        var record = ApiKeySecret.Read(secret).ShouldNotBeNull();
        (record.Enterprise, record.Key, record.NamespaceUid).ShouldBe(("dave", new ObjectKey("acme", "main"), Uid));
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
    [InlineData("--tenant-namespace-uid", "acme")]
    [InlineData("--tenant-namespace", "../acme")]
    [InlineData("--namespace", "")]
    [InlineData("--key", "..")]
    public void A_wrong_word_is_refused_with_its_mend(string option, string value)
    {
        var place = Array.IndexOf(create, option) + 1;
        string[] arguments = place > 0 ? [.. create[..place], value, .. create[(place + 1)..]]
            : [.. create, option, value];
        var (exitCode, manifest, person) = Run(arguments);
        (exitCode, manifest).ShouldBe((2, ""));
        person.ShouldContain($"{option}");
    }

    [Theory]
    [InlineData("enterprise")]
    [InlineData("hash")]
    [InlineData("salt")]
    [InlineData("namespaceUid")]
    public void A_record_that_is_not_whole_opens_nothing(string missing)
    {
        var secret = JsonSerializer.Deserialize(Run(create).Manifest, Secret.Json)!;
        ApiKeySecret.Read(secret).ShouldNotBeNull();
        ApiKeySecret.Read(secret with { Data = secret.Data!.Where(entry => entry.Key != missing).ToDictionary() })
            .ShouldBeNull();
        ApiKeySecret.Read(secret with { Type = "Opaque" }).ShouldBeNull();
        ApiKeySecret.Read(
            secret with { Data = new Dictionary<string, byte[]>(secret.Data!) { ["expiresAt"] = "soon"u8.ToArray() } })
                .ShouldBeNull("an end that can't be read must not mean none");
    }

    private static (int ExitCode, string Manifest, string Person) Run(string[] arguments)
    {
        var (manifest, person) = (new StringWriter(), new StringWriter());
        var exitCode = ApiKeyCommand.Act(ApiKeyCommand.Create().Parse(arguments), new SetTime(), manifest, person);
        return (exitCode, manifest.ToString(), person.ToString());
    }
}
