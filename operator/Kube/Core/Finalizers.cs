using System.Text.Json.Nodes;

namespace Kube.Core;

/// <summary>
/// Patches that put on and take off one finalizer and can't touch anyone else's: each tests what it was computed from,
/// and that the object is still the one that was read.
/// </summary>
public static class Finalizers
{
    private const string Path = "/metadata/finalizers";

    public static bool Has(ObjectMeta metadata, string finalizer)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.Finalizers?.Contains(finalizer) ?? false;
    }

    /// <summary>Null when it is there already.</summary>
    public static JsonPatch? Adding(ObjectMeta metadata, string finalizer)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (Has(metadata, finalizer))
        {
            return null;
        }

        var patch = SameObject(metadata);
        return metadata.Finalizers is { Count: > 0 } present
            ? patch.Test(Path, new JsonArray([.. present.Select(name => JsonValue.Create(name))]))
                .Add(Path + "/-", finalizer)
            : patch.Test(Path, null).Add(Path, new JsonArray(JsonValue.Create(finalizer)));
    }

    /// <summary>Null when it is not there.</summary>
    public static JsonPatch? Removing(ObjectMeta metadata, string finalizer)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (!Has(metadata, finalizer))
        {
            return null;
        }

        var index = metadata.Finalizers!.TakeWhile(name => name != finalizer).Count();
        return SameObject(metadata).Test($"{Path}/{index}", finalizer).Remove($"{Path}/{index}");
    }

    private static JsonPatch SameObject(ObjectMeta metadata) =>
        metadata.Uid is { } uid ? JsonPatch.Empty.Test("/metadata/uid", uid) : JsonPatch.Empty;
}
