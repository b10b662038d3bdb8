namespace Byok.Material;

/// <summary>Why an upload is refused: stable words for conditions, API answers and audit lines.</summary>
internal static class RefusalCodes
{
    /// <summary>Nothing was uploaded.</summary>
    public const string Empty = "UploadEmpty";

    /// <summary>More bytes than any wrapped secret has in any form.</summary>
    public const string TooLarge = "UploadTooLarge";

    /// <summary>Between BEGIN and END lines.</summary>
    public const string PemArmour = "UploadIsPem";

    /// <summary>Base64 with <c>-</c> and <c>_</c>.</summary>
    public const string UrlAlphabet = "UploadIsBase64Url";

    /// <summary>Hexadecimal digits.</summary>
    public const string Hex = "UploadIsHex";

    /// <summary>UTF-16, as some shells redirect.</summary>
    public const string Utf16 = "UploadIsUtf16";

    /// <summary>Base64 of base64.</summary>
    public const string EncodedTwice = "UploadEncodedTwice";

    /// <summary>Neither a ciphertext of the right size nor base64.</summary>
    public const string NotBase64 = "UploadNotBase64";

    /// <summary>The secret, the private key or the hash itself.</summary>
    public const string NotWrapped = "UploadNotWrapped";

    /// <summary>A backup that <c>openssl enc</c> made, or a private key under a passphrase.</summary>
    public const string PasswordEncrypted = "UploadIsPasswordEncrypted";

    /// <summary>JSON: a key transfer blob for an HSM (<c>.byok</c>), where none is taken.</summary>
    public const string TransferBlob = "UploadIsTransferBlob";

    /// <summary>Fewer or more bytes than the wrapping key makes.</summary>
    public const string WrongSize = "UploadWrongSize";

    /// <summary>Wrapped with the platform's key, and no key hash beside it.</summary>
    public const string HashMissing = "KeyHashMissing";

    /// <summary>The key hash is hexadecimal.</summary>
    public const string HashInHex = "KeyHashInHex";

    /// <summary>The key hash is not base64 of 32 bytes.</summary>
    public const string HashMalformed = "KeyHashMalformed";

    /// <summary>The key hash is an encrypted passphrase.</summary>
    public const string HashIsPassphrase = "KeyHashIsPassphrase";

    /// <summary>The key hash is that of the uploaded file.</summary>
    public const string HashOfUpload = "KeyHashOfUpload";

    /// <summary>No wrapping key is left to try.</summary>
    public const string WrappingKeyExpired = "WrappingKeyExpired";

    /// <summary>No wrapping key opens it; why is not told.</summary>
    public const string UnwrapFailed = "UnwrapFailed";

    /// <summary>A key transfer blob that no vault would take.</summary>
    public const string TransferBlobInvalid = "TransferBlobInvalid";

    /// <summary>Opened, but not 32 bytes.</summary>
    public const string WrongLength = "SecretWrongLength";

    /// <summary>Opened, but not the secret that the hash was made of.</summary>
    public const string HashMismatch = "KeyHashMismatch";

    /// <summary>A pattern, not a random secret.</summary>
    public const string Weak = "SecretWeak";

    /// <summary>Opened, but no private key in PKCS#8, DER.</summary>
    public const string KeyNotPkcs8 = "KeyNotPkcs8";

    /// <summary>Opened, but a key of another algorithm.</summary>
    public const string KeyNotRsa = "KeyNotRsa";

    /// <summary>An RSA key of a size that is not taken.</summary>
    public const string KeyWrongSize = "KeyWrongSize";

    /// <summary>An RSA key with a public exponent that is not taken.</summary>
    public const string KeyExponent = "KeyExponentUnusual";

    /// <summary>An RSA key whose numbers do not belong together.</summary>
    public const string KeyInconsistent = "KeyInconsistent";

    /// <summary>An RSA key that could be guessed.</summary>
    public const string KeyWeak = "KeyWeak";
}
