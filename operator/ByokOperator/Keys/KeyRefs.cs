using ByokOperator.Api;
using Cloud;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>A key in the clouds' terms: which cloud is asked about it, and as whom.</summary>
internal static class KeyRefs
{
    /// <param name="key">Null where the key object is not there.</param>
    /// <param name="id">Empty where there is none to know yet.</param>
    public static KeyRef Of(TenantEncryptionKey? key, string region, string id) =>
        new(region, id) { Cloud = region == KeyRef.AnyRegion ? CloudKind.Azure : CloudKind.Aws };
}
