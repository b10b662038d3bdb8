namespace FakeApiServer;

/// <summary>What a path means.</summary>
internal sealed record Target(Resource Resource, string? Namespace, string? Name, string Subresource)
{
    public string Key => Writes.Key(Namespace ?? "", Name ?? "");

    public static Target Parse(string[] path, Catalog catalog)
    {
        var (group, version, rest) = path switch
        {
            ["api", var v, .. var tail] => ("", v, tail),
            ["apis", var g, var v, .. var tail] => (g, v, tail),
            _ => throw new ApiError(404, "NotFound", "the server could not find the requested resource"),
        };
        return rest switch
        {
            ["namespaces", var name, "status"]
                when group.Length == 0 =>
                    new Target(catalog.Find(group, version, "namespaces"), null, Unescaped(name), "status"),
            ["namespaces", var ns, var plural, .. var tail] =>
                Of(catalog.Find(group, version, plural), Unescaped(ns), tail),
            [var plural, .. var tail] => Of(catalog.Find(group, version, plural), null, tail),
            _ => throw new ApiError(404, "NotFound", "the server could not find the requested resource"),
        };
    }

    private static Target Of(Resource resource, string? ns, string[] tail) => tail switch
    {
        [] => new Target(resource, ns, null, ""),
        [var name] => new Target(resource, ns, Unescaped(name), ""),
        [var name, Scales.Subresource]
            when resource.HasScale => new Target(resource, ns, Unescaped(name), Scales.Subresource),
        [var name, "status"] when resource.HasStatus => new Target(resource, ns, Unescaped(name), "status"),
        _ => throw new ApiError(404, "NotFound", "the server could not find the requested resource"),
    };

    private static string Unescaped(string segment) => Uri.UnescapeDataString(segment);
}
