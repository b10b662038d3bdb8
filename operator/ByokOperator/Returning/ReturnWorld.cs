using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Stores;

namespace ByokOperator.Returning;

/// <summary>What one look saw of a store's way back to its shared place.</summary>
internal sealed record ReturnWorld
{
    /// <summary>What consent has to say: <c>store/key</c>.</summary>
    public required string Consent { get; init; }

    /// <summary>The spec names no key, or the store is deleted by
    /// <see cref="DeletionPolicies.ReturnToShared"/>.</summary>
    public required bool IsAsked { get; init; }

    /// <summary>It is the deletion that asks.</summary>
    public bool IsByDeletion { get; init; }

    /// <summary>How it is taken back, in words for people.</summary>
    public string WayOut => IsByDeletion ? "set spec.deletionPolicy to Retain" : "set spec.keyRef back";

    /// <summary>The consent stands, for this very key.</summary>
    public required bool IsConfirmed { get; init; }

    /// <summary>As recorded; null where nothing was done for one.</summary>
    public StoreReturn? Known { get; init; }

    /// <summary>By <c>migration.mode: Plan</c> it is counted and told, and not begun, consent or not. What was begun
    /// goes on, whatever the spec says by now.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>The count so far; null where none is made.</summary>
    public Fact<PlanFacts>? Plan { get; init; }

    /// <summary>The store as what is moved from, where a plan is made; null where it was not seen.</summary>
    public SharedDescription? Source { get; init; }

    public Fact<ReturnPlace> Place { get; init; } = Fact.Blind<ReturnPlace>("NotLooked");

    /// <summary>Null until it was begun, and once everything is retired.</summary>
    public MigrationWorld? Move { get; init; }

    /// <summary>How far it is, for status; nothing is decided on it.</summary>
    public MigrationProgress? Shown { get; init; }

    public bool IsWanted => IsAsked && IsConfirmed;

    public bool IsBegun => Known?.Hold is not null;

    /// <summary>Readers are on the shared place, or about to be: from here on it is finished,
    /// whatever the spec says.</summary>
    public bool IsServed => Known?.ServedAt is not null;

    /// <summary>Nothing of the data is left in the store: there is nothing to guard any more.</summary>
    public bool IsRetired => Known?.RetiredAt is not null;

    /// <summary>Null where nobody asks for one and none is on record. A deletion asks whatever became of the record:
    /// what may be there is not let go of for that.</summary>
    /// <param name="written">As somebody applied it.</param>
    /// <param name="store">The same as far as it is followed.</param>
    /// <param name="record">Null where none counts.</param>
    public static ReturnWorld? Of(EncryptedStore written, EncryptedStore store, StoreRecord? record)
    {
        var isAsked = ReturnGate.IsAskedBy(written);
        return (record?.Place is null && !ReturnGate.IsDeletedBack(written)) || StorePlace.Of(store.Spec).Shared is null
            || !(isAsked || record?.Return is not null) ? null : new ReturnWorld
        {
            Consent = StoreNames.ReturnConsent(store),
            IsAsked = isAsked,
            IsByDeletion = ReturnGate.IsDeletedBack(written),
            IsConfirmed = ReturnGate.IsConsented(written, StoreNames.ReturnConsent(store)),
            Known = record?.Return,
            IsPlanned = isAsked && record?.Return is null && written.Spec.Migration.Mode == MigrationPolicy.Plan,
        };
    }
}
