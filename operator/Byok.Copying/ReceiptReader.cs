using System.Security.Cryptography;
using System.Text.Json;
using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>Finds a receipt that stands in a store.</summary>
public sealed class ReceiptReader(IObjectData data)
{
    /// <summary>
    /// Null when none stands there. Which migration it is for, the caller compares: spec hash and fence token. The
    /// digest is the SHA-256 of the bytes that stand there, hexadecimal: whoever may read the store can work it out,
    /// and a later version of this program does not change it.
    /// </summary>
    public Task<(Receipt Receipt, string Digest)?> ReadAsync(StoreRef target, CancellationToken cancellation) =>
        ReadAsync(target, MarkNames.Receipt, cancellation);

    /// <summary>The same of one that is called otherwise.</summary>
    public async Task<(Receipt Receipt, string Digest)?> ReadAsync(
        StoreRef target, string name, CancellationToken cancellation)
    {
        if (await data.ReadMarkAsync(target, name, cancellation) is not { } mark)
        {
            return null;
        }

        try
        {
            var receipt = JsonSerializer.Deserialize(mark.Content.Span, CopyJson.Default.Receipt)
                ?? throw new ManifestDamagedException($"{name} is empty");
            return (receipt, Convert.ToHexStringLower(SHA256.HashData(mark.Content.Span)));
        }
        catch (JsonException fault)
        {
            throw new ManifestDamagedException($"{name} is not readable", fault);
        }
    }
}
