namespace ByokOperator.Api;

/// <summary>The rules of <c>spec.imported</c>. The sentences are those of crds/.</summary>
internal static class ImportRules
{
    private const int MaxRegions = 16;
    private const int MaxGeneration = 1000; // far beyond what KMS rotates; numbers may be left out

    public static IEnumerable<Violation> Check(ImportedSource source)
    {
        foreach (var violation
            in FieldRules.OneOf("spec.imported.wrapping", source.Wrapping, WrappingModes.Platform,
                WrappingModes.ImportRequest))
        {
            yield return violation;
        }

        if (source is { Azure: not null, Wrapping: WrappingModes.ImportRequest })
        {
            yield return new("spec.imported",
                "an import request hands out a key for 256-bit secrets: leave spec.imported.wrapping Platform for a "
                    + "key in a vault");
        }

        if (source.Generation is < 1 or > MaxGeneration)
        {
            yield return new("spec.imported.generation",
                "generation counts the materials of the key from 1 to 1000: write one more than before to have the "
                    + "next upload imported as new material");
        }

        if (source.WrappedKeyFrom is { SecretName: "" })
        {
            yield return new("spec.imported.wrappedKeyFrom.secretName",
                "no Secret is named: name the one that holds the wrapped key, or leave wrappedKeyFrom out");
        }

        foreach (var violation in Place(source)
            .Concat(FieldRules.Time("spec.imported.aws.validTo", source.Aws?.ValidTo))
            .Concat(FieldRules.Time("spec.imported.azure.validTo", source.Azure?.ValidTo)))
        {
            yield return violation;
        }
    }

    public static IEnumerable<Violation> CheckChange(ImportedSource? before, ImportedSource? after)
    {
        if (before is null || after is null)
        {
            return [];
        }

        return (before.Azure is null) != (after.Azure is null)
            ?
            [
                new("spec.imported",
                    "where a key was imported can't be changed, data stands under it: make a new TenantEncryptionKey"),
            ]
            :
            [
                .. CheckChange(before.Aws, after.Aws),
                .. AzureKeyRules.SameKey("spec.imported.azure", before.Azure?.KeyId, after.Azure?.KeyId),
                .. CheckExpiry(before.Azure, after.Azure),
                .. CheckGeneration(before.Generation, after.Generation),
            ];
    }

    private static IEnumerable<Violation> Place(ImportedSource source) => source switch
    {
        { Aws: not null, Azure: not null } =>
            [new("spec.imported",
                "a key is imported into one cloud: keep one of spec.imported.aws and spec.imported.azure, and make "
                    + "another TenantEncryptionKey for the other")],
        { Aws: { } aws } => Place(aws.Regions),
        { Azure: { } azure } => AzureKeyRules.Address("spec.imported.azure", azure.VaultUri, azure.KeyName),
        _ =>
            [new("spec.imported",
                "no place is named for the key: set spec.imported.aws.regions, or vaultUri and keyName of "
                    + "spec.imported.azure")],
    };

    private static IEnumerable<Violation> Place(IReadOnlyList<string> regions)
    {
        if (regions.Count is 0 or > MaxRegions)
        {
            yield return new("spec.imported.aws.regions",
                "from 1 to 16 regions can stand here: name those of the stores that are to use the key");
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

    private static IEnumerable<Violation> CheckChange(AwsImport? before, AwsImport? after) =>
        (before?.Regions ?? []).Except(after?.Regions ?? [], StringComparer.Ordinal).Any()
            ?
            [
                new("spec.imported.aws.regions",
                    "a region's key can't be taken away while the object stands: make a new TenantEncryptionKey"),
            ]
            : [];

    private static IEnumerable<Violation> CheckGeneration(int before, int after) =>
        after == before || after == before + 1
            ? []
            :
            [
                new("spec.imported.generation",
                    "generation goes up by one at a time and never back: one raise is the consent to one new "
                        + "material, and data stands under what was imported before"),
            ];

    private static IEnumerable<Violation> CheckExpiry(AzureImport? before, AzureImport? after) =>
        before?.ValidTo is not null && after?.ValidTo is null
            ? [new("spec.imported.azure", "a vault forgets no expiry that was once set: write a later validTo")]
            : [];
}
