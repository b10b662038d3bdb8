using Cloud;
using Cloud.Stores;
using Cloud.Tests;
using Fuzz.Clouds;
using Shouldly;
using Xunit;

namespace Fuzz.Closings;

/// <summary>
/// An account that is to be shut, by the real adapter, while Azure's answers are bent: whatever is said, what comes of
/// a call is a value or a refusal in the clouds' own words; and the account is shut,
/// or the last word about it was a refusal.
/// </summary>
public sealed class AccountFuzz : IDisposable
{
    private const int Share = 600;
    private const int MostTries = 12;

    private static readonly DenialOrder recorded = new(IsRecorded: true, Earlier: null, KeepAsync: null);

    private readonly MemoryAzure azure = new();
    private int shut;

    public void Dispose() => azure.Dispose();

    [Fact]
    public void Whatever_Azure_answers_the_account_is_shut_or_why_not_is_told()
    {
        Inputs.Each(Share, Once);
        shut.ShouldBeGreaterThan(0);
    }

    private void Once(int seed)
    {
        var random = new Random(seed);
        var time = SkippingTime.OnlyPauses();
        var liar = new Liar(random, share: random.Next(1, 5));
        var spec = azure.NewSpec();
        using var adapters = azure.Adapters(time, liar);
        adapters.Stores.PrepareAsync(spec, CancellationToken.None).GetAwaiter().GetResult();
        liar.IsAwake = true;
        CloudException? refused = null;
        for (var tries = 0; tries < MostTries && !azure.IsShut(spec); tries++)
        {
            refused = Try(() => adapters.Stores.DenyAsync(spec, recorded, CancellationToken.None));
            time.Advance(TimeSpan.FromSeconds(15));
        }

        foreach (var look in Looks(adapters, spec))
        {
            Try(look);
        }

        if (!azure.IsShut(spec) && refused is null)
        {
            throw new FindException("the account is open and nothing was refused");
        }

        shut += azure.IsShut(spec) ? 1 : 0;
        liar.IsAwake = false;
        time.Advance(TimeSpan.FromMinutes(1));
        adapters.Stores.DenyAsync(spec, recorded, CancellationToken.None).GetAwaiter().GetResult();
        azure.IsShut(spec).ShouldBeTrue("once Azure tells the truth again");
        azure.Remove(spec);
    }

    private static IEnumerable<Func<Task>> Looks(Cloud.Azure.AzureCloud adapters, StoreSpec spec) =>
    [
        () => adapters.Stores.OwnershipAsync(spec, CancellationToken.None),
        () => adapters.Stores.LookAtDenialAsync(spec, CancellationToken.None),
        () => adapters.Stores.DescribeAsync(spec, CancellationToken.None),
        () => adapters.Stores.ReadPinAsync(spec.Store, CancellationToken.None),
        () => adapters.Objects.ReadMarkAsync(spec.Store, ".byok/receipt.json", CancellationToken.None),
        () =>
            adapters.Keys.ProveAsync(spec.Key, new Dictionary<string, string>(), stored: null, CancellationToken.None),
        () => adapters.Keys.DescribeAsync(spec.Key, CancellationToken.None),
    ];

    private static CloudException? Try(Func<Task> call)
    {
        try
        {
            call().GetAwaiter().GetResult();
            return null;
        }
        catch (CloudException refused)
        {
            return refused;
        }
    }
}
