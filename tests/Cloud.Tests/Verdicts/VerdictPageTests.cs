using System.Runtime.CompilerServices;
using System.Text;
using Cloud.Aws.Keys;
using Cloud.Azure.Keys;
using Cloud.Calling;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Verdicts;

/// <summary>docs/verdicts.md shows the tables as they are. <c>UPDATE_GOLDEN=1</c> writes its tables anew.</summary>
public sealed class VerdictPageTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("aws")]
    [InlineData("azure")]
    public void The_page_shows_the_table(string cloud)
    {
        var (table, test) = cloud == "aws"
            ? (KmsVerdicts.Table, "KmsVerdictTests")
            : (VaultVerdicts.Table, "VaultVerdictTests");
        var wanted = Text(table, test);
        output.WriteLine(wanted);
        var (begin, end) = ($"<!-- begin {cloud} -->\n", $"<!-- end {cloud} -->");
        var page = File.ReadAllText(PagePath());
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = page.IndexOf(end, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(PagePath(), page[..from] + wanted + page[to..]);
            return;
        }

        page[from..to].ShouldBe(wanted);
    }

    private static string Text(RefusalTable table, string test)
    {
        var text = new StringBuilder(
            "| who says | code | part of the message | whose refusal | verdict | reason | source | test "
                + "|\n|---|---|---|---|---|---|---|---|\n");
        foreach (var row in table.Rows)
        {
            text.Append("| ").AppendJoin(" | ", Cells(row, test)).Append(" |\n");
        }

        return text.ToString();
    }

    private static IEnumerable<string> Cells(RefusalRow row, string test) =>
    [
        row.Service,
        string.Join(", ", row.EachCode.Select(code => code[0] == '<' ? $"any other: {code[1..^1]}" : $"`{code}`")),
        row.Part ?? "",
        row.By switch
        {
            Refuser.Tenant => "the tenant's",
            Refuser.Platform => "the platform's",
            Refuser.Nobody => "nobody's",
            _ => "not said",
        },
        row.By switch
        {
            Refuser.Tenant => "Revoked",
            Refuser.Unsaid when row.Reason == KmsVerdicts.AccessDenied => "control key",
            _ => "Unknown",
        },
        $"`{row.Reason}`",
        row.Source == "observed" ? "observed"
            : $"[{row.Source.Split('/')[^1].Replace(".html", "", StringComparison.Ordinal)}]({row.Source})",
        test,
    ];

    private static string PagePath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "verdicts.md"));
}
