using System.Diagnostics;
using System.Text;
using ByokOperator.Api;
using Cloud;
using Cloud.Azure;
using Cloud.Keys;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Fuzz.Escapes;

/// <summary>
/// The steps that a tenant pastes into its shell say what they say whatever its names are: bash itself takes them
/// apart, with a tool in place of az that writes down what it was given.
/// </summary>
public sealed class ScriptEscapes
{
    private const string Vault = "https://acme.vault.azure.net";
    private const string Name = "backups";
    private const string Directory = "11111111-2222-3333-4444-555555555555";
    private const string Application = "99999999-2222-3333-4444-555555555555";
    private const string Revocation = "# To revoke at once: ";
    private const int AtOnce = 100;

    private static readonly string[] valid = [Vault, Name, Directory, Application];
    private static readonly string[] files = ["azure-cli.sh", "azure-powershell.ps1", "azure.bicep"];

    [Fact]
    public void What_stands_in_a_script_is_one_word_of_it()
    {
        using var azure = AzureCloud.Create(new AzureOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        List<(string[] Words, string Script)> written = [(valid, Written(azure, valid)!["azure-cli.sh"])];
        var refused = 0;
        Inputs.Each(share: 1, seed =>
        {
            var words = new Hostile(new Random(seed)).OneOf(valid);
            if (Written(azure, words) is not { } documents)
            {
                refused++;
                return;
            }

            foreach (var file in files)
            {
                Lines(documents[file]).ShouldBe(Lines(Written(azure, valid)![file]), file);
            }

            written.Add((words, documents["azure-cli.sh"]));
        });
        refused.ShouldBeGreaterThan(0);
        written = [.. written.DistinctBy(one => one.Script)];
        written.Count.ShouldBeGreaterThan(2);
        var plain = Asked([written[0].Script]).Single();
        foreach (var some in written.Chunk(AtOnce))
        {
            Asked([.. some.Select(one => one.Script)]).ShouldBe(some.Select(one => With(plain, one.Words)));
        }
    }

    private static int Lines(string text) => text.Count(letter => letter is '\n' or '\r' or '\u2028' or '\u0085');

    private static IReadOnlyDictionary<string, string>? Written(AzureCloud azure, string[] words)
    {
        var source = new AzureKeyVaultSource
        {
            VaultUri = words[0],
            KeyName = words[1],
            TenantId = words[2],
            ClientId = words[3],
        };
        return AzureKeyRules.Check(source).Any()
            ? null
            : azure.Policies.Documents(
                new KeyRef(KeyRef.AnyRegion, source.KeyId)
                {
                    Cloud = CloudKind.Azure,
                    Tenancy = new KeyTenancy(source.TenantId, source.ClientId),
                });
    }

    private static string With(string plain, string[] words) => plain
        .Replace(Directory, words[2], StringComparison.Ordinal)
        .Replace(Application, words[3], StringComparison.Ordinal)
        .Replace($"/keys/{Name}", $"/keys/{words[1]}", StringComparison.Ordinal)
        .Replace($"--name={Name}", $"--name={words[1]}", StringComparison.Ordinal)
        .Replace("[acme]", $"[{new Uri(words[0]).Host.Split('.')[0]}]", StringComparison.Ordinal);

    /// <summary>What az was asked by each, a line a call and each word in brackets.</summary>
    private static string[] Asked(IReadOnlyList<string> scripts)
    {
        const string Next = "-- next --";
        var all = new StringBuilder(
            "exec 3>&1 >/dev/null\naz() { printf '[%s]' \"$@\" >>\"$told\"; echo >>\"$told\"; case \"$*\" in "
                + "*enableRbac*) echo $roles ;; *) echo id ;; esac; }\ntold=$(mktemp)\n");
        foreach (var script in scripts)
        {
            // For a vault of each kind; the one line that is there to be copied is run too.
            all.Append("for roles in true false; do (\n")
                .Append(script.Replace(Revocation, "", StringComparison.Ordinal)).Append("\n) done\necho '")
                .Append(Next).Append("' >>\"$told\"\n");
        }

        all.Append("cat \"$told\" >&3; rm \"$told\"\n");
        var said = Run(all.ToString());
        return said.Split(Next + "\n")[..^1];
    }

    private static string Run(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-s"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        var (said, complained) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        bash.StandardInput.Write(script);
        bash.StandardInput.Close();
        bash.WaitForExit();
        complained.GetAwaiter().GetResult().ShouldBeEmpty();
        return said.GetAwaiter().GetResult();
    }
}
