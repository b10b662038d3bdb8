using System.Text;

namespace ByokOperator.Tests.Material;

/// <summary>The forms in which a secret could show: raw, hexadecimal, base64 however it is aligned, base64url,
/// a list of numbers.</summary>
internal sealed class Traces
{
    private readonly List<(string Form, byte[] Bytes)> forms = [];

    private Traces(byte[] secret)
    {
        forms.Add(("raw", secret));
        forms.Add(("raw, one half", secret[..16]));
        forms.Add(("raw, other half", secret[16..]));
        forms.Add(("latin-1 as UTF-8", Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(secret))));
        forms.Add(("UTF-16", Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(secret))));
        Add("hex", Convert.ToHexStringLower(secret));
        Add("upper-case hex", Convert.ToHexString(secret));
        Add("hex with hyphens", BitConverter.ToString(secret));
        Add("numbers", string.Join(',', secret));
        Add("numbers with blanks", string.Join(", ", secret));
        for (var before = 0; before < 3; before++)
        {
            var base64 = Convert.ToBase64String([.. new byte[before], .. secret])[(before == 0 ? 0 : 4)..^4];
            Add($"base64 at {before}", base64);
            Add($"base64url at {before}", base64.Replace('+', '-').Replace('/', '_'));
        }
    }

    public static Traces Of(byte[] secret) => new(secret);

    /// <summary>The form that was found, or null.</summary>
    public string? In(ReadOnlySpan<byte> place)
    {
        foreach (var (form, bytes) in forms)
        {
            if (place.IndexOf(bytes) >= 0)
            {
                return form;
            }
        }

        return null;
    }

    public string? In(string text) => In(Encoding.UTF8.GetBytes(text));

    private void Add(string form, string text)
    {
        forms.Add((form, Encoding.ASCII.GetBytes(text)));
        forms.Add((form + " in UTF-16", Encoding.Unicode.GetBytes(text)));
    }
}
