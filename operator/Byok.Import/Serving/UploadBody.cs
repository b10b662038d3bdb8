using System.Text;
using System.Text.Json;

namespace Byok.Import.Serving;

/// <summary>
/// The JSON of an upload: <c>{"importToken": "…", "keyMaterial": "…"}</c>, other members left alone. Strict JSON but
/// for one thing: raw line ends inside the value of <c>keyMaterial</c>, because a shell that pastes the output of
/// <c>base64</c> between quotes puts them there.
/// </summary>
public sealed record UploadBody(string ImportToken, byte[] KeyMaterial)
{
    /// <summary>Of the whole body. The largest wrapped secret in base64 with
    /// a line end after each letter is below a quarter of this.</summary>
    public const int MostBytes = 16 * 1024;

    private const string TokenMember = "importToken";
    private const string MaterialMember = "keyMaterial";

    /// <summary>Flat: nothing that a client of ours sends is deeper.</summary>
    private const int MostDepth = 8;

    /// <summary>The body, or what is wrong with it.</summary>
    public static (UploadBody? Body, ImportProblem? Problem) Read(ReadOnlySpan<byte> json)
    {
        var straight = NewlineStripper.TakeOut(json, MaterialMember, out var endsInside);
        try
        {
            return Parse(straight);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return (null, endsInside ? ImportProblem.BodyTorn : ImportProblem.BodyNotJson);
        }
    }

    private static (UploadBody? Body, ImportProblem? Problem) Parse(ReadOnlySpan<byte> json)
    {
        if (json.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            return (null, ImportProblem.BodyNotJson); // a form, a page, a key: the reader would say so by an exception
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MostDepth });
        string? token = null;
        string? material = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isToken = reader.ValueTextEquals(TokenMember);
            var isMaterial = reader.ValueTextEquals(MaterialMember);
            reader.Read();
            if (!isToken && !isMaterial)
            {
                reader.Skip();
                continue;
            }

            if (reader.TokenType != JsonTokenType.String || (isToken ? token : material) is not null)
            {
                return (null, ImportProblem.MemberWrong(isToken ? TokenMember : MaterialMember));
            }

            var value = reader.GetString()!;
            (token, material) = isToken ? (value, material) : (token, value);
        }

        if (reader.Read())
        {
            return (null, ImportProblem.BodyNotJson);
        }

        return (token, material) switch
        {
            (null or "", _) => (null, ImportProblem.MemberWrong(TokenMember)),
            (_, null or "") => (null, ImportProblem.MemberWrong(MaterialMember)),
            ({ } shown, { } wrapped) => (new UploadBody(shown, Encoding.UTF8.GetBytes(wrapped)), null),
        };
    }

    public override string ToString() => $"an upload of {KeyMaterial.Length} characters";
}
