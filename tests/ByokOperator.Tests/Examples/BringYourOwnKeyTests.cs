using System.Text.Json;
using System.Text.RegularExpressions;
using ByokOperator.Api;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Examples;

/// <summary>What tenants copy from their page is good.</summary>
public sealed partial class BringYourOwnKeyTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathTo("docs", "bring-your-own-key.md"));

    [Fact]
    public void The_key_that_is_printed_passes_the_rules()
    {
        var printed = Block().Matches(Page).Select(found => found.Groups[1].Value).ShouldHaveSingleItem();
        var key = Yaml.Parse(printed).ShouldHaveSingleItem().Deserialize(ApiJson.Default.TenantEncryptionKey)!;
        KeyRules.Check(key).ShouldBeEmpty();
        key.Spec.Imported!.WrappedKeyFrom!.SecretName.ShouldBe("acme-2026");
        Page.ShouldContain($"--from-file={key.Spec.Imported.WrappedKeyFrom.WrappedKey}=encrypted_secret.bin");
        Page.ShouldContain($"--from-literal={key.Spec.Imported.WrappedKeyFrom.KeyHash}=");
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
