using System.Text.Json.Nodes;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using Cloud.Keys;
using Simulation.Real.Operators;

namespace Simulation.Real.Returns;

/// <summary>The laws of a store whose data goes back to its shared place, held against how things really are.</summary>
internal sealed class ReturnLaws(World world, ReturnClients clients) : Laws(world)
{
    private readonly Dictionary<string, string> underBy = [];
    private string? under;
    private JsonNode? last;
    private (bool IsHeld, bool IsServed, int Jobs) before;
    private bool isKnown;
    private bool stood;
    private string? policy;

    private Home Store => World.Homes[0];

    private JsonNode? Record => World.People.StoreRecord(Store);

    private bool IsHeld => Store.Shared.Fences.ContainsKey(ReturnStage.HoldOf(Store));

    private static bool IsServed(JsonNode? back) => back?["servedAt"] is not null;

    private static bool IsRetired(JsonNode? back) => back?["retiredAt"] is not null;

    /// <summary>
    /// Once nothing of the data is left in the store there is nothing that a key could close. And where a person took
    /// the record away nobody knows that this place is the store's, unless its tag says so and may be asked.
    /// </summary>
    public override bool MustClose(Home home, Learned known) =>
        !IsRetired(last) && !IsUnknown && base.MustClose(home, known);

    public override void CheckWords(Home home, Turn turn)
    {
        if (!IsUnknown)
        {
            base.CheckWords(home, turn);
        }
    }

    private bool IsUnknown => Record is null && Store.HoldsData && (IsRecordHurt
        ? !Store.IsGiven && World.People.Store(Store)?["spec"]?["keyRef"] is null // nobody says whose it is
        : !(Store is { IsOurs: true, IsGiven: true, Target.IsForbidden: false }));

    /// <summary>A store whose record nobody can read is one without a key, if its spec names none:
    /// that closes it.</summary>
    public override void CheckChoice(Home home, Plan<StoreWorld> plan, StoreWorld seen, Learned known)
    {
        if (Record is not null)
        {
            base.CheckChoice(home, plan, seen, known);
        }
    }

    public override void Acted(Home home, Openness before, Learned known)
    {
        Pin(home);
        if (before.Canary is { } canary && World.People.CanaryMaterial(home) is { } now && now != canary)
        {
            throw new LawBrokenException("4", "a canary was overwritten by that of another key");
        }

        CheckOpened(home, before, known);
        CheckConsent();
        Check();
    }

    /// <summary>After whatever happened.</summary>
    public void Check()
    {
        Remember();
        CheckUnder();
        CheckGivenUp();
        CheckEnded();
        CheckLetGo();
        last = Record is { } record ? record["return"]?.DeepClone() : Store.Target is null ? null : last;
        before = (IsHeld, IsServed(last), Jobs);
        isKnown = Record is not null || (isKnown && IsRecordHurt);
        stood = World.People.Store(Store) is not null;
        policy = (string?)World.People.Store(Store)?["spec"]?["deletionPolicy"] ?? policy;
    }

    /// <summary>A person took the record away: what was only there nobody knows any more.</summary>
    public void RecordLost() => (isKnown, last, WasRecordLost, under) = (false, null, true, null);

    /// <summary>Of a return that stood there alone nobody is held to know.</summary>
    public bool WasRecordLost { get; private set; }

    private bool IsRecordHurt => World.People.Records(Store).Any(record =>
        ((string)record["metadata"]!["name"]!).StartsWith("store.", StringComparison.Ordinal)
            && World.People.IsHurt(record));

    private int Jobs => World.People.Jobs(Store).Count(IsOfReturn);

    /// <summary>A copy to the shared place.</summary>
    public static bool IsOfReturn(JsonObject job) =>
        job["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray()
            .Any(word => (string?)word == "--return");

    /// <summary>What was opened was opened under the store's own key, and that is no other and works.</summary>
    private void CheckOpened(Home home, Openness before, Learned known)
    {
        if (before.Opened(Openness.Of(home, World)) is not { } opened || opened == "the workloads"
            || (opened == "the binding" && World.People.LeadsToShared(home)))
        {
            return;
        }

        if (known.IsRevokedByTenant || home.CloudKey.IsOff)
        {
            throw new LawBrokenException("1", $"{opened} was opened while the key is revoked");
        }

        if (home.PinnedMaterial != 0 && !home.CloudKey.Opens(home.PinnedMaterial))
        {
            throw new LawBrokenException("4", $"{opened} was opened on another key");
        }
    }

    /// <summary>Laws 12 and 14: nothing leads on that was not consented to at that moment,
    /// and that the platform does not give.</summary>
    private void CheckConsent()
    {
        var (isHeld, isServed, jobs) = before;
        var begun = !isHeld && IsHeld ? "the hold on the shared place"
            : !isServed && IsServed(Record?["return"]) ? "the switch"
            : jobs < Jobs ? "a copy"
            : null;
        if (begun is null)
        {
            return;
        }

        if (!Store.IsGiven)
        {
            throw new LawBrokenException("12", $"{begun} was begun that the platform does not give");
        }

        var live = World.People.Store(Store);
        var consent = (string?)live?["metadata"]!["annotations"]?[ByokOperator.Api.Labels.ConfirmReturn];
        var isAsked = World.People.IsDeleting(Store)
            ? (string?)live?["spec"]?["deletionPolicy"] == ByokOperator.Api.DeletionPolicies.ReturnToShared
            : live is not null && live["spec"]?["keyRef"] is null;
        if (!isAsked || consent != $"{Store.Store.Name}/{Store.Key.Name}")
        {
            throw new LawBrokenException("14", $"{begun} of a return was begun without the consent of that moment");
        }
    }

    /// <summary>How the shared place encrypted when the return was begun.</summary>
    private void Remember()
    {
        if (Record?["return"] is not { } back || (string?)back["hold"] is not { } hold
            || (!WasRecordLost && underBy.TryGetValue(hold, out under)))
        {
            return;
        }

        var isKnownHold = underBy.ContainsKey(hold);
        under = underBy[hold] = (string?)back["keyId"] ?? (string)back["encryption"]!;
        if (isKnownHold)
        {
            return; // of a record that was lost and put back; or another return began behind the same hold
        }

        if (under != (Store.Shared.Default!.KeyId ?? KeyRef.StoreManaged))
        {
            throw new LawBrokenException("2",
                $"data is to go back under {under}, which is not what the shared place says");
        }
    }

    /// <summary>Law 2: what was brought back stands under what the place said then,
    /// and never under a tenant's key.</summary>
    private void CheckUnder()
    {
        if (under is not null && clients.Brought.FirstOrDefault(entry => entry.KeyId != under) is { } weaker)
        {
            throw new LawBrokenException("2",
                $"{weaker.Key} was brought back under '{weaker.KeyId}' where {under} was said");
        }

        if (under == Store.CloudKey.Arn)
        {
            throw new LawBrokenException("2", "data goes back under a tenant's key");
        }

        if (Store is { IsOurs: true, Target: { } target }
            && target.Under("")
                .FirstOrDefault(entry => !entry.IsMarker && entry.KeyId != Store.CloudKey.Arn) is { } stray)
        {
            throw new LawBrokenException("2", $"{stray.Key} stands in the store under another key than the tenant's");
        }
    }

    /// <summary>Law 7: a return that is taken off the record leaves neither a hold nor copies behind.</summary>
    private void CheckGivenUp()
    {
        if (Record is { } record && record["return"] is null && last is { } back && !IsServed(back)
            && (IsHeld || (back["hold"] is not null && clients.IsAnythingBrought)))
        {
            throw new LawBrokenException("7",
                $"a return was given up though {(IsHeld ? "its hold" : "what it copied")} stands");
        }
    }

    /// <summary>Law 7: an object that is deleted stands until its return is done, or taken back.</summary>
    private void CheckLetGo()
    {
        // what a record says that nobody can read is done by whoever mends it, once the data is to stay anyway
        if (stood && !WasRecordLost && !(IsRecordHurt && policy != ByokOperator.Api.DeletionPolicies.ReturnToShared)
            && World.People.Store(Store) is null
            && (IsHeld || Record?["return"] is not null || (!clients.IsBack && clients.IsAnythingBrought)))
        {
            throw new LawBrokenException("7",
                $"the object of a store was let go though {(IsHeld ? "the hold" : "what was begun")} of its return "
                    + "stands");
        }
    }

    /// <summary>Law 7: the record is the last that goes.</summary>
    private void CheckEnded()
    {
        if (isKnown && Record is null && !IsRecordHurt
            && (Store.HoldsData || (IsServed(last) && IsHeld) || Jobs > 0))
        {
            throw new LawBrokenException("7", "the record of a store ended before all else of it was gone");
        }
    }
}
