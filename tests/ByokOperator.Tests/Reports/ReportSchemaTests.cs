using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Reports;
using ByokOperator.Stores;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reports;

/// <summary>docs/report-v1.schema.json describes what is written, and nothing that is not.</summary>
public sealed class ReportSchemaTests
{
    [Fact]
    public void A_full_report_fits_the_schema() => Errors(Full).ShouldBeEmpty();

    [Fact]
    public void A_report_by_the_blind_fits_the_schema() =>
        Errors(ReportInputs.Fine with
        {
            Target = Fact.Blind<global::Cloud.Stores.StoreDescription>("Throttled"),
            Source = Fact.Blind<global::Cloud.Stores.SharedDescription?>("Throttled"),
            Receipt = Fact.Blind<ReportedReceipt?>("Throttled"),
        }).ShouldBeEmpty();

    [Fact]
    public void Another_field_does_not_fit()
    {
        var report = JsonNode.Parse(Written(ReportInputs.Fine))!;
        report["observed"]!["secret"] = "x";
        ReportSchema.Errors(Encoding.UTF8.GetBytes(report.ToJsonString())).ShouldHaveSingleItem()
            .ShouldContain("/observed");
    }

    [Fact]
    public void Codes_of_deviations_are_those_of_the_schema() =>
        JsonNode.Parse(
            ReportSchema.Text)!["properties"]!["deviations"]!["items"]!["properties"]!["code"]!["enum"]!.AsArray()
            .Select(code => (string)code!).Order(StringComparer.Ordinal)
            .ShouldBe(typeof(DeviationCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)
                .Order(StringComparer.Ordinal));

    /// <summary>A word that the schema lacks makes a true report one that breaks its own schema.</summary>
    [Fact]
    public void Words_of_states_are_those_of_the_schema()
    {
        ShouldBe("key.state", [.. Words(typeof(KeyStates)), "Missing"]);
        ShouldBe("chain.begins.reason", Words(typeof(ReportLinkBegin)));
        ShouldBe("key.verdict", Enum.GetNames<KeyVerdict>());
        ShouldBe("expected.availability", [StoreVerdict.Open, StoreVerdict.Closed]);
        ShouldBe("expected.deletionPolicy", Words(typeof(DeletionPolicies)));
        ShouldBe("observed.availability", Words(typeof(StoreVerdict)));
        ShouldBe("observed.ownership", Enum.GetNames<global::Cloud.Stores.StoreOwnership>());
    }

    private static string[] Words(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)];

    private static void ShouldBe(string path, string[] words)
    {
        var field = path.Split('.')
            .Aggregate(JsonNode.Parse(ReportSchema.Text)!, (schema, step) => schema["properties"]![step]!);
        field["enum"]!.AsArray().Select(word => (string)word!).ShouldBe(words, ignoreOrder: true, path);
    }

    /// <summary>The other way round is additionalProperties: false and the full report above.</summary>
    [Fact]
    public void The_schema_names_no_field_that_the_records_lack() =>
        Missing("", ReportJson.Default.EncryptionReport, JsonNode.Parse(ReportSchema.Text)!).ShouldBeEmpty();

    private static ReportInput Full => ReportInputs.Fine with
    {
        Link = new("0123456789abcdef", 1)
        {
            Begins = new(
                ReportLinkBegin.KeyReplaced) { After = new("fedcba9876543210", 7, new string('c', 64), "thumbprint") },
        },
        Key = ReportInputs.Fine.Key with
        {
            Verdict = "Unknown",
            UnknownSince = ReportInputs.Noon,
            RevokedSince = ReportInputs.Noon,
        },
        Target = Fact.Seen(ReportInputs.Target with { Drift = ["Policy"], ObservedKeyId = "other" }),
        Census = Fact.Blind<IReadOnlyList<ByokOperator.Api.CensusEntry>>("NotLooked"),
    };

    private static byte[] Written(ReportInput input) => ReportBuilder.Write(ReportBuilder.Build(input));

    private static IReadOnlyList<string> Errors(ReportInput input) => ReportSchema.Errors(Written(input));

    private static IEnumerable<string> Missing(string path, JsonTypeInfo record, JsonNode schema) =>
        (schema["properties"]?.AsObject() ?? []).SelectMany(field =>
            record.Properties.FirstOrDefault(property => property.Name == field.Key) is not { } found
                ? [$"{path}.{field.Key}"]
                : Inner(found.PropertyType) is { } inner
                    && record.Options.GetTypeInfo(inner) is { Kind: JsonTypeInfoKind.Object } nested
                    ? Missing($"{path}.{field.Key}", nested, field.Value!["items"] ?? field.Value)
                    : []);

    private static Type? Inner(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0]
        : type.Namespace == typeof(EncryptionReport).Namespace ? type
        : null;
}
