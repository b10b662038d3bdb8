using ByokOperator.Api;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>The world of one look together with what only display and the report need of it.</summary>
internal sealed record StoreLook(
    StoreWorld World,
    StorePlaces Places,
    TenantEncryptionKey? Key,
    Fact<StoreDescription> Target,
    Fact<SharedDescription?> Shared,
    MigrationLook? Migration);
