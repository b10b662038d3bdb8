using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ByokOperator.Api;
using Cloud.Keys;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

/// <summary>crds/ and the records say the same, field by field, both ways.</summary>
public sealed class SchemaTests
{
    private const string Keys = "tenantencryptionkeys.yaml";
    private const string Stores = "encryptedstores.yaml";
    private const string Tenants = "tenants.yaml";

    private static readonly string[] Nested = ["items", "additionalProperties"];

    private static readonly JsonObject KeyCrd = Crd(Keys);
    private static readonly JsonObject StoreCrd = Crd(Stores);
    private static readonly JsonObject TenantCrd = Crd(Tenants);

    [Fact]
    public void Record_and_schema_of_the_key_agree() => Disagreements(TenantEncryptionKey.Json, KeyCrd).ShouldBeEmpty();

    [Fact]
    public void Record_and_schema_of_the_store_agree() => Disagreements(EncryptedStore.Json, StoreCrd).ShouldBeEmpty();

    [Fact]
    public void Record_and_schema_of_the_tenant_agree() => Disagreements(Tenant.Json, TenantCrd).ShouldBeEmpty();

    [Fact]
    public void A_field_that_only_the_schema_has_is_found()
    {
        var crd = KeyCrd.DeepClone().AsObject();
        Schema(crd)["properties"]!["spec"]!["properties"]!["quota"] = new JsonObject { ["type"] = "object" };
        Disagreements(TenantEncryptionKey.Json, crd).ShouldBe([".spec.quota: only in the schema"]);
    }

    [Fact]
    public void A_field_that_only_the_record_has_is_found()
    {
        var crd = StoreCrd.DeepClone().AsObject();
        Schema(crd)["properties"]!["spec"]!["properties"]!["migration"]!["properties"]!.AsObject()
            .Remove("parallelism");
        Disagreements(EncryptedStore.Json, crd).ShouldBe([".spec.migration.parallelism: only in the record"]);
    }

    [Fact]
    public void Another_default_or_type_is_found()
    {
        var crd = StoreCrd.DeepClone().AsObject();
        var parallelism =
            Schema(crd)["properties"]!["spec"]!["properties"]!["migration"]!["properties"]!["parallelism"]!;
        parallelism["default"] = 4;
        parallelism["format"] = "int64";
        Disagreements(EncryptedStore.Json, crd).ShouldBe(
        [
            ".spec.migration.parallelism: integer/int32 in the record, integer/int64 in the schema",
            ".spec.migration.parallelism: default 8 in the record, 4 in the schema",
        ]);
    }

    [Fact]
    public async Task The_status_of_a_store_that_shares_nothing_has_all_that_the_schema_demands()
    {
        var store = new EncryptedStore
        {
            Metadata = new ObjectMeta { Name = "store", Namespace = "tenant" },
            Status = new EncryptedStoreStatus { Location = new StoreLocation { Cloud = "aws", Bucket = "bucket" } },
        };
        using var request = KubeRequest.ApplyStatus(store, "test");
        var sent = JsonNode.Parse(
            await request.Content!.ReadAsStringAsync(
                TestContext.Current.CancellationToken))!["status"]!["location"]!.AsObject();
        var demanded = Schema(StoreCrd)["properties"]!["status"]!["properties"]!["location"]!["required"]!.AsArray()
            .Select(name => (string)name!);
        sent.Select(field => field.Key).ShouldBe(demanded, ignoreOrder: true);
    }

    [Fact]
    public void Names_in_the_definition_are_those_of_the_records()
    {
        foreach (var (kind, crd) in new[]
        {
            (TenantEncryptionKey.Kind, KeyCrd),
            (EncryptedStore.Kind, StoreCrd),
            (Tenant.Kind, TenantCrd),
        })
        {
            ((string?)crd["metadata"]!["name"]).ShouldBe($"{kind.Plural}.{kind.Group}");
            ((string?)crd["spec"]!["group"]).ShouldBe(kind.Group);
            ((string?)crd["spec"]!["names"]!["kind"]).ShouldBe(kind.Kind);
            ((string?)crd["spec"]!["names"]!["plural"]).ShouldBe(kind.Plural);
            ((string?)crd["spec"]!["scope"]).ShouldBe(kind.Namespaced ? "Namespaced" : "Cluster");
            ((string?)crd["spec"]!["versions"]![0]!["name"]).ShouldBe(kind.Version);
            crd["spec"]!["names"]!["categories"]!.AsArray().Select(entry => (string?)entry).ShouldBe(["byok"]);
        }
    }

    [Fact]
    public void Enumerations_are_the_values_that_the_code_knows()
    {
        Values(KeyCrd, "spec", "state")
            .ShouldBe([KeyStates.Standby, KeyStates.Active, KeyStates.Archived, KeyStates.Revoked]);
        var spec = Schema(KeyCrd)["properties"]!["spec"]!["properties"]!;
        spec["rotation"]!["properties"]!["confirmation"]!["enum"]!.AsArray()
            .Select(value => (string?)value).ShouldBe([KeyRotation.Automatic, KeyRotation.Manual]);
        Values(KeyCrd, "status", "verdict").Order().ShouldBe(Enum.GetNames<KeyVerdict>().Order());
        spec["imported"]!["properties"]!["wrapping"]!["enum"]!.AsArray()
            .Select(value => (string?)value).ShouldBe([WrappingModes.Platform, WrappingModes.ImportRequest]);
        Values(StoreCrd, "spec", "deletionPolicy")
            .ShouldBe([DeletionPolicies.Retain, DeletionPolicies.Delete, DeletionPolicies.ReturnToShared]);
    }

    [Theory]
    [InlineData(Keys)]
    [InlineData(Stores)]
    [InlineData(Tenants)]
    public void Every_string_list_and_map_has_an_end(string file) => Endless("", Schema(Crd(file))).ShouldBeEmpty();

    [Theory]
    [InlineData(Keys)]
    [InlineData(Stores)]
    [InlineData(Tenants)]
    public void Every_field_of_the_spec_is_described(string file) =>
        Undescribed(".spec", Schema(Crd(file))["properties"]!["spec"]!.AsObject()).ShouldBe(
            file == Stores ? [".spec.shared.aws"] : []);

    /// <summary>A rule that no case breaks is a rule that nobody has seen work.</summary>
    [Fact]
    public void Every_rule_of_the_schema_is_broken_by_a_case()
    {
        var told = ManifestCase.Names("bad").Select(name => ManifestCase.Read("bad", name).Message).ToHashSet();
        Messages(Schema(KeyCrd)).Concat(Messages(Schema(StoreCrd))).Concat(Messages(Schema(TenantCrd)))
            .Where(message => !told.Contains(message)).ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Disagreements(JsonTypeInfo record, JsonObject crd) =>
        [.. Schemas.Compare(record, Schema(crd)["properties"]!.AsObject())];

    private static JsonObject Crd(string file) =>
        Yaml.Parse(File.ReadAllText(Repository.PathTo("crds", file))).Single().AsObject();

    private static JsonObject Schema(JsonObject crd) =>
        crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    private static IEnumerable<string?> Values(JsonObject crd, string part, string field) =>
        Schema(crd)["properties"]![part]!["properties"]![field]!["enum"]!.AsArray().Select(value => (string?)value);

    private static IEnumerable<string> Endless(string path, JsonObject schema)
    {
        var isEndless = (string?)schema["type"] switch
        {
            "string" => schema["maxLength"] is null && schema["enum"] is null && schema["format"] is null
                && path is not ".apiVersion" and not ".kind",
            "array" => schema["maxItems"] is null,
            "object" => schema["additionalProperties"] is not null && schema["maxProperties"] is null,
            "boolean" => false,
            "integer" => schema["minimum"] is null || schema["format"] is null,
            _ => true,
        };
        return (isEndless ? [path] : Enumerable.Empty<string>())
            .Concat(Children(path, schema).SelectMany(child => Endless(child.Path, child.Schema)));
    }

    private static IEnumerable<string> Undescribed(string path, JsonObject schema) =>
        Children(path, schema)
            .Where(child => !child.Path.EndsWith(']'))
            .SelectMany(child =>
                Undescribed(child.Path, child.Schema).Concat(child.Schema["description"] is null ? [child.Path] : []));

    private static IEnumerable<string> Messages(JsonObject schema) =>
        (schema["x-kubernetes-validations"]?.AsArray() ?? []).Select(rule => (string)rule!["message"]!)
            .Concat(Children("", schema).SelectMany(child => Messages(child.Schema)));

    private static IEnumerable<(string Path, JsonObject Schema)> Children(string path, JsonObject schema) =>
        (schema["properties"]?.AsObject() ?? []).Select(entry => ($"{path}.{entry.Key}", entry.Value!.AsObject()))
            .Concat(Nested.Where(schema.ContainsKey).Select(word => ($"{path}[]", schema[word]!.AsObject())));
}
