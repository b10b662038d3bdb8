namespace Byok.Material;

/// <summary>What a key wants of its tenant.</summary>
internal enum MaterialKind
{
    /// <summary>32 random bytes, wrapped by RSAES-OAEP.</summary>
    Symmetric256,

    /// <summary>An RSA private key (PKCS#8, DER), wrapped by CKM_RSA_AES_KEY_WRAP.</summary>
    RsaPrivate,
}
