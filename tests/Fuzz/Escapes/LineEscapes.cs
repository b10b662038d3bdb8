using System.CommandLine;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ByokOperator;
using ByokOperator.Commands;
using ByokOperator.Hosting;
using Kube.Core;
using Kube.Tests.Runtime.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Fuzz.Escapes;

/// <summary>Words of others in a log, a condition, a metric and a manifest: they begin no line of their own, and a
/// terminal shows them as they are.</summary>
public sealed class LineEscapes
{
    private const string Uid = "11111111-2222-3333-4444-555555555555";

    [Fact]
    public void An_entry_of_the_log_is_one_line_that_a_terminal_shows_and_obeys_nothing_of()
    {
        var formatter = new LineFormatter(TimeProvider.System);
        var scopes = new LoggerExternalScopeProvider();
        Inputs.Each(share: 1, seed =>
        {
            var words = new Hostile(new Random(seed)).OneOf("acme", "backup.bin", "AccessDenied", "no");
            using var scope = scopes.Push(words[0]);
            var entry = new LogEntry<string>(
                LogLevel.Warning, "Cloud", new EventId(7), words[1],
                new InvalidOperationException(words[2], new IOException(words[3])),
                static (state, _) => $"object {state} refused");
            using var line = new StringWriter(CultureInfo.InvariantCulture);
            formatter.Write(entry, scopes, line);
            var told = line.ToString();
            told.ShouldEndWith("\n");
            Plain(told[..^1]);
            told.ShouldContain("warn: Cloud[7] => ");
            Printable.Of(told[..^1]).ShouldBe(told[..^1], "spelled once it stays as it is");
        });
    }

    [Fact]
    public void A_conditions_message_is_one_line_and_survives_its_way_to_the_server_and_back()
    {
        Inputs.Each(share: 1, seed =>
        {
            var condition = new Condition
            {
                Type = "Ready",
                Status = "False",
                Reason = "Refused",
                Message = new Hostile(new Random(seed)).Of("object backup.bin refused"),
            };
            Plain(condition.Message);
            new Condition { Type = "Ready", Status = "False", Reason = "Refused", Message = condition.Message }.Message
                .ShouldBe(condition.Message);
            Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(condition.Message)).ShouldBe(condition.Message);
        });
    }

    [Fact]
    public async Task A_metrics_label_ends_where_it_should()
    {
        const int AtOnce = 100;
        await using var scrape = await Scrape.StartAsync("fuzz.*");
        Inputs.Each(share: AtOnce, seed =>
        {
            var random = new Random(seed);
            string[] values =
                [.. Enumerable.Range(0, AtOnce).Select(_ => new Hostile(random).Of("eu-west-1")).Distinct()];
            using var meter = new Meter($"fuzz.{seed}");
            var counter = meter.CreateCounter<int>($"fuzz.of{seed}");
            values.ToList().ForEach(value => counter.Add(1, new KeyValuePair<string, object?>("region", value)));
            var labels = Labels(Task.Run(() => scrape.SeriesAsync($"fuzz_of{seed}_total")).GetAwaiter().GetResult(),
                $"fuzz_of{seed}_total{{region=\"");
            labels.Count.ShouldBe(values.Length);
            values.Where(IsText).Except(labels).ShouldBeEmpty();
        });
    }

    [Fact]
    public void What_apikey_prints_is_one_manifest_with_the_words_as_values()
    {
        string[] valid = ["byok-import", "dave", "acme", Uid, "key"];
        var (made, refused) = (0, 0);
        Inputs.Each(share: 4, seed =>
        {
            var words = new Hostile(new Random(seed)).OneOf(valid);
            using var manifest = new StringWriter(CultureInfo.InvariantCulture);
            using var person = new StringWriter(CultureInfo.InvariantCulture);
            var code = ApiKeyCommand.Act(
                new RootCommand { ApiKeyCommand.Create() }.Parse(
                    ["apikey", "create", $"--namespace={words[0]}", $"--enterprise={words[1]}",
                        $"--tenant-namespace={words[2]}", $"--tenant-namespace-uid={words[3]}",
                        $"--key={words[4]}"], CommandLine.Parsing),
                TimeProvider.System, manifest, person);
            if (code != ByokOperator.ExitCodes.Done)
            {
                manifest.ToString().ShouldBeEmpty();
                person.ToString().ShouldStartWith("byok-operator: --");
                refused++;
                return;
            }

            made++;
            var text = manifest.ToString();
            text.TrimEnd('\n').ShouldNotContain('\n');
            var secret = JsonNode.Parse(text)!;
            ((string?)secret["kind"], (string?)secret["metadata"]!["namespace"]).ShouldBe(("Secret", words[0]));
        });
        (made > 0 && refused > 0).ShouldBeTrue($"{made} made, {refused} refused");
    }

    private static void Plain(string line)
    {
        foreach (var rune in line.EnumerateRunes())
        {
            (rune.Value == 0xFFFD && !line.Contains('\uFFFD')).ShouldBeFalse("half a pair");
            Rune.GetUnicodeCategory(rune).ShouldNotBeOneOf(
                UnicodeCategory.Control, UnicodeCategory.Format, UnicodeCategory.LineSeparator,
                UnicodeCategory.ParagraphSeparator, UnicodeCategory.Surrogate);
        }
    }

    /// <summary>Each line is one series with this one label.</summary>
    private static List<string> Labels(string[] lines, string before)
    {
        lines.ShouldAllBe(line =>
            line.StartsWith(before, StringComparison.Ordinal) && line.EndsWith("\"} 1", StringComparison.Ordinal));
        return [.. lines.Select(line => Unescaped(line[before.Length..^"\"} 1".Length]))];
    }

    /// <summary>Half a pair can't be sent, whatever becomes of it.</summary>
    private static bool IsText(string value) => value.EnumerateRunes().All(rune => rune.Value != 0xFFFD);

    /// <summary>As Prometheus reads it; a quote that ends the label early is found.</summary>
    private static string Unescaped(string label)
    {
        var text = new StringBuilder();
        for (var index = 0; index < label.Length; index++)
        {
            label[index].ShouldNotBe('"');
            text.Append(label[index] is not '\\' ? label[index]
                : label[++index] switch { 'n' => '\n', '\\' => '\\', '"' => '"', var other =>
                    throw new FormatException($"\\{other}") });
        }

        return text.ToString();
    }
}
