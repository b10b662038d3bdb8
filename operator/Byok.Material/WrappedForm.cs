using System.Diagnostics;

namespace Byok.Material;

/// <summary>The form that an upload is to have: public facts alone,
/// its kind and the sizes of the wrapping keys at hand.</summary>
/// <param name="KeySizes">how many bytes each wrapping key makes</param>
internal sealed record WrappedForm(MaterialKind Kind, IReadOnlyCollection<int> KeySizes)
{
    /// <summary>An RSA-4096 key in PKCS#8 has under 2,400 bytes; room for attributes that some tools add.</summary>
    private const int MostKeyBytes = 3072;

    public string Noun => Kind is MaterialKind.RsaPrivate ? "a wrapped RSA key" : "a wrapped secret";

    /// <summary>Whether one of the keys may have made this many bytes.</summary>
    public bool Fits(int length) => KeySizes.Any(size => Fits(size, length));

    public bool Fits(int keySize, int length) => Kind switch
    {
        MaterialKind.Symmetric256 => length == keySize,
        MaterialKind.RsaPrivate =>
            (length - keySize) is >= KeyWrap.LeastWrapped and <= MostKeyBytes + KeyWrap.Unit and var tail
                && tail % KeyWrap.Unit == 0,
        _ => throw new UnreachableException(),
    };

    public string Sizes(Func<int, int> measure)
    {
        var sizes = string.Join(" or ", KeySizes.Select(measure).Distinct().Order());
        return Kind is MaterialKind.RsaPrivate ? $"more than {sizes}" : sizes;
    }
}
