using System.Security.Cryptography.X509Certificates;

namespace Cloud.Azure.Calling;

/// <summary>Which authorities vouch for Azure's names, where it is not the machine's own list:
/// a proxy that looks into TLS has one of its own.</summary>
internal static class AzureTrust
{
    /// <summary>These and no others.</summary>
    public static X509ChainPolicy Only(string pem)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPem(pem);
        return policy;
    }
}
