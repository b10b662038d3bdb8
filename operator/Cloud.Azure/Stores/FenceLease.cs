using System.Security.Cryptography;
using System.Text;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>
/// The lease that holds one fenced blob. Its id follows from the blob's address, so that whoever of us may delete it
/// can show the lease without having been told, and a lease of somebody else's is never mistaken for it.
/// </summary>
internal static class FenceLease
{
    public static string IdFor(StoreRef store, string blob) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"byok-fence\n{store.Name}\n{blob}")).AsSpan(0, 16)).ToString();
}
