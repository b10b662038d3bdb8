using Cloud;
using Cloud.Keys;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>Stores and keys as one word of a command line: bare on AWS, after <c>azure:</c> there.</summary>
public static class PlaceText
{
    public const string StoreForms = "REGION/BUCKET or azure:[SUBSCRIPTION/GROUP/]LOCATION/ACCOUNT/CONTAINER";
    public const string KeyForms = "an ARN or azure:URL";

    private const string Azure = "azure:";

    public static string Of(StoreRef store) => store.Cloud switch
    {
        CloudKind.Azure when store.Scope is { } scope => $"{Azure}{scope}/{store.Region}/{store.Name}",
        CloudKind.Azure => $"{Azure}{store.Region}/{store.Name}",
        _ => $"{store.Region}/{store.Name}",
    };

    public static string Of(KeyRef key) => key.Cloud == CloudKind.Azure ? Azure + key.Id : key.Id;

    /// <summary>Null where it is neither form.</summary>
    public static StoreRef? Store(string text)
    {
        var isAzure = text.StartsWith(Azure, StringComparison.Ordinal);
        var parts = (isAzure ? text[Azure.Length..] : text).Split('/');
        return (isAzure, parts) switch
        {
            _ when parts.Any(part => part.Length == 0) => null,
            (false, [var region, var bucket]) => new StoreRef(region, bucket),
            (true, [var location, var account, var container]) =>
                new StoreRef(location, $"{account}/{container}") { Cloud = CloudKind.Azure },
            (true, [var subscription, var group, var location, var account, var container]) =>
                new StoreRef(location, $"{account}/{container}")
                {
                    Cloud = CloudKind.Azure,
                    Scope = $"{subscription}/{group}",
                },
            _ => null,
        };
    }

    /// <summary>An ARN names a key in the target's region; a vault's key serves every one.
    /// Whose directory it is in matters to no copy.</summary>
    public static KeyRef Key(string text, StoreRef target) => text.StartsWith(Azure, StringComparison.Ordinal)
        ? new KeyRef(KeyRef.AnyRegion, text[Azure.Length..]) { Cloud = CloudKind.Azure }
        : new KeyRef(target.Region, text);
}
