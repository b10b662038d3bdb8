namespace Cloud.Keys;

/// <summary>Until when imported material may be used. Stated at every import:
/// what a cloud takes for granted is its own affair.</summary>
public abstract record MaterialExpiry
{
    private MaterialExpiry()
    {
    }

    public sealed record Never : MaterialExpiry;

    /// <summary>The cloud deletes the material at <paramref name="ValidTo"/>, as if the tenant had revoked it. AWS:
    /// within 365 days, in whole seconds.</summary>
    public sealed record At(DateTimeOffset ValidTo) : MaterialExpiry;
}
