namespace ByokOperator.Api;

/// <summary>The rules of <c>spec.imported</c>. The sentences are those of crds/.</summary>
internal static class ImportRules
{
    private const int MaxRegions = 16;

    public static IEnumerable<Violation> Check(ImportedSource source)
    {
        foreach (var violation in FieldRules.OneOf("spec.imported.wrapping", source.Wrapping, WrappingModes.Platform, WrappingModes.ImportRequest))
        {
            yield return violation;
        }

        if (source.WrappedKeyFrom is { SecretName: "" })
        {
            yield return new("spec.imported.wrappedKeyFrom.secretName", "no Secret is named: name the one that holds the wrapped key, or leave wrappedKeyFrom out");
        }

        if (source.Aws?.Regions is not { Count: > 0 and <= MaxRegions } regions)
        {
            yield return new("spec.imported.aws.regions", "from 1 to 16 regions can stand here: name those of the stores that are to use the key");
            yield break;
        }

        for (var index = 0; index < regions.Count; index++)
        {
            foreach (var violation in FieldRules.Region($"spec.imported.aws.regions[{index}]", regions[index]))
            {
                yield return violation;
            }
        }

        if (regions.Distinct(StringComparer.Ordinal).Count() < regions.Count)
        {
            yield return new("spec.imported.aws.regions", "a region stands twice: keep it once");
        }
    }

    public static IEnumerable<Violation> CheckChange(ImportedSource? before, ImportedSource? after) =>
        (before?.Aws?.Regions ?? []).Except(after?.Aws?.Regions ?? [], StringComparer.Ordinal).Any()
            ? [new("spec.imported.aws.regions", "a region's key can't be taken away while the object stands: make a new TenantEncryptionKey")]
            : [];
}
