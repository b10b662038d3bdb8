namespace Fuzz.Clouds;

/// <summary>What a request asks of a cloud, told by the request alone.</summary>
/// <param name="Name">Such as <c>GET ?policy</c>, <c>Decrypt</c>, <c>PATCH storageAccounts</c>.</param>
/// <param name="Kind">What may be said of it.</param>
internal sealed record Operation(string Name, OperationKind Kind)
{
    public static Operation Of(HttpRequestMessage request)
    {
        var address = request.RequestUri!;
        if (request.Headers.TryGetValues("X-Amz-Target", out var targets))
        {
            return new(targets.First().Split('.')[^1], OperationKind.Key);
        }

        var word = address.Query.TrimStart('?').Split('&')[0].Split('=')[0];
        var isObject = word.Length == 0 && address.AbsolutePath.Trim('/').Contains('/', StringComparison.Ordinal);
        return new($"{request.Method} {(isObject ? "object" : "?" + word)}", word switch
        {
            "policy" when request.Method != HttpMethod.Get => OperationKind.Deny,
            "tagging" => OperationKind.Owner,
            _ => OperationKind.Other,
        });
    }
}

internal enum OperationKind
{
    Other,

    /// <summary>A use of a key, or a look at one.</summary>
    Key,

    /// <summary>Says whose the place is.</summary>
    Owner,

    /// <summary>Writes what shuts the place.</summary>
    Deny,
}
