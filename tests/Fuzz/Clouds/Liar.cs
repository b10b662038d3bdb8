using System.Net;
using Fuzz.Nonsense;

namespace Fuzz.Clouds;

/// <summary>
/// Bends a cloud's answers. Of each operation it is decided once whether it is lied about, so that a lie may last. What
/// a key refused is never told as a success: about that nobody could know better.
/// </summary>
/// <param name="random">Of this input.</param>
/// <param name="share">One operation of so many is lied about.</param>
internal sealed class Liar(Random random, int share)
{
    private static readonly int[] statuses = [200, 204, 301, 400, 403, 404, 405, 409, 412, 429, 500, 503, 599];
    private static readonly int[] refusals = [301, 400, 403, 404, 405, 409, 412, 429, 500, 503, 599];

    private readonly Mutation mutation = new(random);
    private readonly Dictionary<string, bool> lied = [];
    private readonly Dictionary<string, (int, byte[])?> held = [];

    /// <summary>Until then every answer is true.</summary>
    public bool IsAwake { get; set; }

    /// <summary>Every form of the deny is refused with this.</summary>
    public (int Status, string Code)? Refusal { get; init; }

    /// <summary>Documents that were bent so far.</summary>
    public int Lies { get; private set; }

    /// <summary>What is told of whose the place is was bent.</summary>
    public bool HidesOwner { get; private set; }

    public HttpResponseMessage? Refuse(Operation operation) =>
        IsAwake && Refusal is { } refusal && operation.Kind == OperationKind.Deny
            ? new HttpResponseMessage((HttpStatusCode)refusal.Status)
            {
                Content = new StringContent($"<Error><Code>{refusal.Code}</Code><Message>no</Message></Error>"),
            }
            : null;

    public (int Status, byte[] Body) Bend(Operation operation, int status, byte[] body)
    {
        if (!IsAwake || !IsLiedAbout(operation))
        {
            return (status, body);
        }

        if (held.TryGetValue(operation.Name, out var lie) && lie is { } same)
        {
            Lies++;
            return same;
        }

        if (random.Next(8) == 0)
        {
            return (status, body);
        }

        Lies++;
        HidesOwner |= operation.Kind == OperationKind.Owner;
        var bent = Bent(operation, status, body);

        // Some liars say the same for ever. Of a key only what refuses may be held:
        // a lie must not outlive the refusal that it was made of.
        held.TryAdd(operation.Name, operation.Kind != OperationKind.Key && random.Next(2) == 0 ? bent : null);
        return bent;
    }

    private (int Status, byte[] Body) Bent(Operation operation, int status, byte[] body)
    {
        var isRefused = status >= 300;
        return random.Next(4) switch
        {
            0 => (StatusFor(operation, isRefused), body),
            1 => (StatusFor(operation, isRefused), mutation.Of(body)),
            _ => (status, mutation.Of(body)),
        };
    }

    private int StatusFor(Operation operation, bool isRefused)
    {
        var among = operation.Kind == OperationKind.Key && isRefused ? refusals : statuses;
        return among[random.Next(among.Length)];
    }

    private bool IsLiedAbout(Operation operation) =>
        lied.TryGetValue(operation.Name, out var known) ? known : lied[operation.Name] = random.Next(share) == 0;
}
