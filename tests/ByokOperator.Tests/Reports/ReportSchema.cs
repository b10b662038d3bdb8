using System.Text.Json;
using ByokOperator.Tests.Api;
using Json.Schema;

namespace ByokOperator.Tests.Reports;

/// <summary>docs/report-v1.schema.json.</summary>
internal static class ReportSchema
{
    public static readonly string Text = File.ReadAllText(Repository.PathTo("docs", "report-v1.schema.json"));

    /// <summary>Once: a schema is known to its library by its name.</summary>
    private static readonly JsonSchema Schema = JsonSchema.FromText(Text);

    /// <summary>Where a report does not fit, and why; empty where it does.</summary>
    public static IReadOnlyList<string> Errors(byte[] written)
    {
        using var report = JsonDocument.Parse(written);
        var found = Schema.Evaluate(report.RootElement,
            new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        return found.IsValid
            ? []
            : [.. found.Details!.Where(one => one.Errors is not null)
                .SelectMany(one => one.Errors!.Select(error => $"{one.InstanceLocation}: {error.Value}"))];
    }
}
