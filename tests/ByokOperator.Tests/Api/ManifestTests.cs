using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

public sealed class ManifestTests
{
    public static TheoryData<string> Good => [.. ManifestCase.Names("good")];

    public static TheoryData<string> Bad => [.. ManifestCase.Names("bad")];

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_manifest_passes_the_rules_of_the_controller(string name)
    {
        var manifest = ManifestCase.Read("good", name);
        Check(manifest).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_manifest_is_refused_by_the_controller_with_the_field_and_the_mend(string name)
    {
        var manifest = ManifestCase.Read("bad", name);
        Check(manifest).ShouldContain(new Violation(manifest.Field, manifest.Message));
    }

    /// <summary>A case that broke two rules could pass for the wrong reason.</summary>
    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_manifest_breaks_one_rule(string name) =>
        Check(ManifestCase.Read("bad", name)).Count.ShouldBe(1);

    private static IReadOnlyList<Violation> Check(ManifestCase manifest) =>
        manifest.Kind switch
        {
            "TenantEncryptionKey" =>
                Check(Read<TenantEncryptionKey>(manifest), KeyRules.Check,
                    (before, after) => KeyRules.CheckChange(before.Spec, after.Spec)),
            "Tenant" => Check(Read<Tenant>(manifest), TenantRules.Check, (_, _) => []),
            _ =>
                Check(Read<EncryptedStore>(manifest), StoreRules.Check,
                    (before, after) => StoreRules.CheckChange(before.Spec, after.Spec)),
        };

    private static IReadOnlyList<Violation> Check<T>(
        IReadOnlyList<T> objects, Func<T, IReadOnlyList<Violation>> check,
        Func<T, T, IReadOnlyList<Violation>> checkChange) =>
        [.. check(objects[^1]), .. objects.Zip(objects.Skip(1), checkChange).SelectMany(found => found)];

    private static IReadOnlyList<T> Read<T>(ManifestCase manifest)
        where T : class, Kube.Core.IResource<T> =>
        [.. manifest.Documents.Select(document => document.Deserialize(T.Json)!)];
}
