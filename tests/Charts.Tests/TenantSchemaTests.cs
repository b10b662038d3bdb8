using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>
/// What byok-tenants takes as a tenant is what the kind Tenant takes: the schema's types are made from
/// <c>crds/tenants.yaml</c>. <c>UPDATE_GOLDEN=1</c> makes them anew. Rules in CEL stay the API server's.
/// </summary>
[Trait("Server", "helm")]
public sealed class TenantSchemaTests
{
    private static readonly string[] Kept =
    [
        "type", "description", "enum", "pattern", "minLength", "maxLength", "minItems", "maxItems", "minimum",
        "maximum", "required",
    ];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The chart says these in its own way: it makes namespaces, and binds people in them.</summary>
    private static readonly string[] OwnWay = ["namespaces", "labels", "annotations"];

    [Fact]
    public void A_tenant_of_the_values_has_the_fields_of_the_kind()
    {
        var schema = JsonNode.Parse(File.ReadAllText(SchemaPath))!;
        var tenant = schema["$defs"]!["tenant"]!["properties"]!.AsObject();
        var made = new JsonObject(OwnWay.Select(name => KeyValuePair.Create(name, tenant[name]?.DeepClone())));
        foreach (var (name, field) in Definition()["properties"]!.AsObject().Where(one => !OwnWay.Contains(one.Key)))
        {
            made[name] = Translated(field!);
        }

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            schema["$defs"]!["tenant"]!["properties"] = made.DeepClone();
            File.WriteAllText(SchemaPath, schema.ToJsonString(Indented) + "\n");
            return;
        }

        JsonNode.DeepEquals(tenant, made)
            .ShouldBeTrue("crds/tenants.yaml has changed: run this test with UPDATE_GOLDEN=1");
    }

    /// <summary>Whatever can be given ends in the Tenant as it was given.</summary>
    [Fact]
    public async Task What_is_given_stands_in_the_Tenant()
    {
        var values = new ChartCase("byok-tenants", "everything").Values;
        var given = Yaml.Parse(await File.ReadAllTextAsync(values, TestContext.Current.CancellationToken))
            .Single()["tenants"]!.AsObject();
        var rendered = (await Helm.ObjectsAsync("byok-tenants", values)).Where(one => (string?)one["kind"] == "Tenant")
            .ToDictionary(one => (string)one["metadata"]!["name"]!);
        rendered.Keys.Order().ShouldBe(given.Select(one => one.Key).Order());
        var fields = Definition()["properties"]!.AsObject().Select(one => one.Key).ToList();
        given.SelectMany(one => one.Value!.AsObject().Select(field => field.Key)).Concat(["namespaces"]).Distinct()
            .Except(OwnWay).Order()
            .ShouldBe(fields.Except(OwnWay).Order(), "the case gives every field");
        foreach (var (name, tenant) in given)
        {
            var spec = rendered[name]["spec"]!.AsObject();
            spec.Select(field => field.Key).Except(fields).ShouldBeEmpty();
            foreach (var (field, value) in tenant!.AsObject().Where(one => !OwnWay.Contains(one.Key)))
            {
                JsonNode.DeepEquals(spec[field], value).ShouldBeTrue($"{name}.{field}: {spec[field]?.ToJsonString()}");
            }
        }
    }

    [Fact]
    public async Task The_tenants_that_the_page_shows_render()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Helm.ChartPath("byok-tenants"), "README.md"),
            TestContext.Current.CancellationToken);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, page.Split("```yaml\n")[1].Split("```")[0],
            TestContext.Current.CancellationToken);
        var rendered = (await Helm.ObjectsAsync("byok-tenants", file)).Select(Manifest.Of).Select(one => one.Id)
            .ToList();
        rendered.ShouldBe(
            ["Namespace acme", "Tenant acme", "RoleBinding acme/byok-key-owner", "RoleBinding acme/byok-tenant-editor",
                "RoleBinding acme/byok-import-api", "RoleBinding acme-sandbox/byok-view",
                "RoleBinding acme/byok-operator-tenant",
                "RoleBinding acme-sandbox/byok-operator-tenant"], ignoreOrder: true);
        File.Delete(file);
    }

    private static string SchemaPath => Repository.PathTo("charts", "byok-tenants", "values.schema.json");

    private static JsonNode Definition() =>
        Yaml.Parse(File.ReadAllText(Repository.PathTo("crds", "tenants.yaml")))
            .Single()["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;

    private static JsonObject Translated(JsonNode field)
    {
        JsonObject made = [.. field.AsObject().Where(one => Kept.Contains(one.Key))
            .Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone()))];
        if (field["properties"] is { } properties)
        {
            made["additionalProperties"] = false;
            made["properties"] = new JsonObject(properties.AsObject()
                .Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key, Translated(one.Value!))));
        }

        if (field["items"] is { } items)
        {
            made["items"] = Translated(items);
        }

        return made;
    }
}
