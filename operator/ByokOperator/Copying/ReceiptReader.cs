using System.Security.Cryptography;
using System.Text.Json;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Copying;

/// <summary>Finds the receipt that stands in a target.</summary>
internal sealed class ReceiptReader(IObjectData data)
{
    /// <summary>
    /// Null when none stands there. Which migration it is for, the caller compares: spec hash and fence token. The digest is the SHA-256 of the
    /// bytes that stand there, hexadecimal: whoever may read the store can work it out, and a later version of this program does not change it.
    /// </summary>
    public async Task<(Receipt Receipt, string Digest)?> ReadAsync(StoreRef target, CancellationToken cancellation)
    {
        if (await data.ReadMarkAsync(target, MarkNames.Receipt, cancellation) is not { } mark)
        {
            return null;
        }

        try
        {
            var receipt = JsonSerializer.Deserialize(mark.Content.Span, CopyJson.Default.Receipt)
                ?? throw new ManifestDamagedException($"{MarkNames.Receipt} is empty");
            return (receipt, Convert.ToHexStringLower(SHA256.HashData(mark.Content.Span)));
        }
        catch (JsonException fault)
        {
            throw new ManifestDamagedException($"{MarkNames.Receipt} is not readable", fault);
        }
    }
}
