using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.Places;

namespace ByokOperator.Stores;

/// <summary>The world of a store's move, out of what was seen of the move and of the store.</summary>
internal static class MigrationWorlds
{
    /// <summary>What the migration's rungs ask about.</summary>
    public static MigrationWorld ToWorld(
        this MigrationLook look, EncryptedStore store, StorePlaces places, StoreWorld world) => new()
    {
        Now = world.Now,
        Scope = StoreNames.Scope(store, places.MovedUnder),
        Spec = StoreNames.Spec(store, places.MovedUnder),
        IsAsked = look.IsAsked,
        KeepSourceFor = GoDuration.Within(store.Spec.Migration.KeepSourceFor, StoreRules.Year, TimeSpan.Zero),
        FenceTimeout = FenceBound.TimeoutOf(store),
        FenceLiftedAt = look.FenceLiftedAt,
        Quiesces = store.Spec.Workloads is { DuringMigration: WorkloadPolicy.Quiesce
            or WorkloadPolicy.Window, Selector: not null },
        Plan = look.Plan,
        Windows = MaintenanceCalendar.Of(store.Spec),
        Workloads = world.Workloads,
        Source = look.Source,
        Receipt = look.Receipt.Select(found => found?.Facts),
        Served = look.Served,
        Retired = look.Retired,
        Copies = look.Copies,
        Binding = world.Binding,
        WantedBinding = world.WantedBinding,
    };
}
