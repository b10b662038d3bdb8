using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Returning;

namespace ByokOperator.Stores;

/// <summary>Who performs which kind of act.</summary>
internal sealed record StoreHands(
    TargetActs Target, BindingActs Bindings, MigrationActs Migration, ReportActs Reports, KeyChangeActs KeyChange,
    ReturnActs Return, NextActs Next);
