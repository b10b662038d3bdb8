using System.Text.Json;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Copying;

/// <summary>Finds the receipt that stands in a target.</summary>
internal sealed class ReceiptReader(IObjectData data)
{
    /// <summary>Null when none stands there. Which migration it is for, the caller compares: spec hash and fence token.</summary>
    public async Task<Receipt?> ReadAsync(StoreRef target, CancellationToken cancellation)
    {
        if (await data.ReadMarkAsync(target, MarkNames.Receipt, cancellation) is not { } mark)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(mark.Content.Span, CopyJson.Default.Receipt)
                ?? throw new ManifestDamagedException($"{MarkNames.Receipt} is empty");
        }
        catch (JsonException fault)
        {
            throw new ManifestDamagedException($"{MarkNames.Receipt} is not readable", fault);
        }
    }
}
