#pragma once
#include <string>

#include "study/run_result.h"

/// The words of the report: what the conditions are called and what came out, in plain sentences.
namespace buttress {

/// "whole", "right gluteus medius at 40 %": the changes by the titles of their groups
std::string make_condition_name(const Condition& condition);

/// one word for legends and columns: "normal" for a condition without changes; else "weakened", "strengthened" or
/// "changed"
std::string make_condition_label(const Condition& condition);

/// One paragraph: with two conditions what differs between them, largest first; with one the largest loads and the
/// busiest muscles. Compares peaks. Says what the simulation did, never where pain comes from. Plain text.
std::string make_findings(const RunResult& result);

/// 0 = asked for most: hip, knee, lumbar levels from L5-S1 up, sacroiliac joints, ankle, all others
int find_joint_rank(const std::string& title);

}  // namespace buttress
