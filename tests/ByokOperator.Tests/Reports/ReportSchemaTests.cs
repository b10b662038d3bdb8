using System.Reflection;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using ByokOperator.Reconciling;
using ByokOperator.Reports;
using ByokOperator.Tests.Api;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Schema;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reports;

/// <summary>docs/report-v1.schema.json describes what is written, and nothing that is not.</summary>
public sealed class ReportSchemaTests
{
    private static readonly string SchemaText = File.ReadAllText(Repository.PathTo("docs", "report-v1.schema.json"));

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
        var report = Parse(ReportInputs.Fine);
        report["observed"]!["secret"] = "x";
        report.IsValid(JSchema.Parse(SchemaText)).ShouldBeFalse();
    }

    [Fact]
    public void Codes_of_deviations_are_those_of_the_schema() =>
        JObject.Parse(SchemaText).SelectToken("properties.deviations.items.properties.code.enum")!.Values<string>().Order(StringComparer.Ordinal)
            .ShouldBe(typeof(DeviationCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal));

    /// <summary>The other way round is additionalProperties: false and the full report above.</summary>
    [Fact]
    public void The_schema_names_no_field_that_the_records_lack() =>
        Missing("", ReportJson.Default.EncryptionReport, JObject.Parse(SchemaText)).ShouldBeEmpty();

    private static ReportInput Full => ReportInputs.Fine with
    {
        Key = ReportInputs.Fine.Key with { Verdict = "Unknown", UnknownSince = ReportInputs.Noon, RevokedSince = ReportInputs.Noon },
        Target = Fact.Seen(ReportInputs.Target with { Drift = ["Policy"], ObservedKeyId = "other" }),
        Census = Fact.Blind<IReadOnlyList<ByokOperator.Api.CensusEntry>>("NotLooked"),
    };

    private static IList<string> Errors(ReportInput input)
    {
        Parse(input).IsValid(JSchema.Parse(SchemaText), out IList<string> errors);
        return errors;
    }

    /// <summary>Dates stay text: the schema speaks of the text.</summary>
    private static JObject Parse(ReportInput input)
    {
        using var reader = new JsonTextReader(new StringReader(Encoding.UTF8.GetString(ReportBuilder.Write(ReportBuilder.Build(input)))));
        reader.DateParseHandling = DateParseHandling.None;
        return JObject.Load(reader);
    }

    private static IEnumerable<string> Missing(string path, JsonTypeInfo record, JObject schema) =>
        (schema["properties"] as JObject ?? []).Properties().SelectMany(field =>
            record.Properties.FirstOrDefault(property => property.Name == field.Name) is not { } found
                ? [$"{path}.{field.Name}"]
                : Inner(found.PropertyType) is { } inner && record.Options.GetTypeInfo(inner) is { Kind: JsonTypeInfoKind.Object } nested
                    ? Missing($"{path}.{field.Name}", nested, (JObject)(field.Value["items"] ?? field.Value))
                    : []);

    private static Type? Inner(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0]
        : type.Namespace == typeof(EncryptionReport).Namespace ? type
        : null;
}
