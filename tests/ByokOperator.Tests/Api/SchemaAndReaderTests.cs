using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Entitlements;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

/// <summary>
/// What the schemas let in, the reader reads and the rules judge without falling over: else one tenant's odd manifest
/// is an object that nobody can follow. <c>FUZZ_INPUTS</c> asks for more than the usual number.
/// </summary>
public sealed class SchemaAndReaderTests
{
    private const int Usual = 10_000;
    private const int PerPage = 50;
    private const int Seed = 20_261_129;

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("FUZZ_INPUTS"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var asked) ? asked : Usual;

    [Fact]
    public void Every_key_that_the_schema_lets_in_is_read_and_judged() => Judge<TenantEncryptionKey>(
        "tenantencryptionkeys.yaml",
        (before, after) =>
        {
            _ = KeyRules.Check(after);
            _ = KeyRules.CheckChange(before.Spec, after.Spec);
            _ = after.Spec.Regions().Count() + after.Spec.Sources().Count;
            _ = after.Spec.Imported?.End;
        });

    [Fact]
    public void Every_store_that_the_schema_lets_in_is_read_and_judged() => Judge<EncryptedStore>(
        "encryptedstores.yaml",
        (before, after) =>
        {
            _ = StoreRules.Check(after);
            _ = StoreRules.CheckChange(before.Spec, after.Spec);
            _ = StoreConflicts.Check(after, [before]);
            _ = StorePlace.Of(after.Spec);
        });

    [Fact]
    public void Every_tenant_that_the_schema_lets_in_is_read_and_judged() => Judge<Tenant>(
        "tenants.yaml",
        (before, after) =>
        {
            _ = TenantRules.Check(after);
            var authority = Authority.Of([before with { Metadata = before.Metadata with { Name = "before" } }, after]);
            _ = authority.OverlapsOf(after).Count + authority.TouchedBy(after).Count();
            _ = authority.NamespacesOf(after).Count();
        });

    [Fact]
    public void The_reader_has_teeth_a_text_where_the_schema_wants_a_number_is_not_read()
    {
        var made = Page<EncryptedStore>("""{"metadata":{"name":"a"},"spec":{"migration":{"parallelism":"8"}}}""");
        made.Unreadable.ShouldHaveSingleItem().Reason.ShouldBe("spec.migration.parallelism: not a whole number");
    }

    [Fact]
    public void A_number_where_the_schema_wants_a_text_is_not_read() =>
        Page<TenantEncryptionKey>("""{"metadata":{"name":"a"},"spec":{"imported":{"aws":{"validTo":2027}}}}""")
            .Unreadable.ShouldHaveSingleItem().Reason.ShouldBe("spec.imported.aws.validTo: not a text");

    private static void Judge<T>(string file, Action<T, T> judge)
        where T : class, IResource<T>
    {
        var crd = Yaml.Parse(File.ReadAllText(Repository.PathTo("crds", file))).Single();
        var schema = crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();
        var objects = new SchemaObjects(schema, T.Kind.Kind, Seed);
        for (var made = 0; made < Count; made += PerPage)
        {
            var texts = Enumerable.Range(0, PerPage).Select(_ => objects.Next().ToJsonString()).ToList();
            var page = Page<T>([.. texts]);
            page.Unreadable.Select(bad =>
                $"{bad.Reason}: {texts.Find(text => text.Contains(bad.Metadata.Uid!, StringComparison.Ordinal))}")
                    .ShouldBeEmpty();
            foreach (var (before, after) in page.Items.Zip(page.Items.Skip(1)))
            {
                judge(before, after);
                using var status = KubeRequest.ApplyStatus(after, "test");
            }
        }
    }

    private static KubeList<T> Page<T>(params string[] items)
        where T : class, IResource<T> =>
        KubeList.Parse<T>(
            new ReadOnlySequence<byte>(
                Encoding.UTF8.GetBytes(
                    $$"""{"metadata":{"resourceVersion":"1"},"items":[{{string.Join(',', items)}}]}""")));
}
