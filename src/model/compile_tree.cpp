#include "model/compile_tree.h"

#include <cmath>
#include <map>

#include "base/decimal.h"

namespace buttress {

namespace {

bool has_identity_rotation(const Posed& X) {
  for (int i = 0; i < 3; ++i)
    for (int k = 0; k < 3; ++k)
      if (X.R.m[i][k] != (i == k ? 1.0 : 0.0)) return false;
  return true;
}

Body make_body(const BodySpec& given) {
  return {given.name, given.mass, given.p_BBcm_B, given.I_BBcm_B};
}

/// checks mass and inertia of one body
bool check_body(const BodySpec& body, const std::string& file, Diagnostics& diagnostics) {
  const Inertia<double>& I = body.I_BBcm_B;
  const double numbers[] = {body.mass, body.p_BBcm_B.x, body.p_BBcm_B.y, body.p_BBcm_B.z, I.xx, I.yy, I.zz, I.xy, I.xz,
                            I.yz};
  for (double number : numbers)
    if (!std::isfinite(number)) {
      diagnostics.error("MODEL-015", file, body.at.line,
                        "body '" + body.name + "' has a mass property that is not a number");
      return false;
    }
  if (body.mass < 0 || I.xx < 0 || I.yy < 0 || I.zz < 0) {
    diagnostics.error("MODEL-015", file, body.at.line,
                      "body '" + body.name + "' has mass " + format_decimal(body.mass) + " kg and moments of inertia " +
                          format_decimal(I.xx) + " " + format_decimal(I.yy) + " " + format_decimal(I.zz) +
                          "; none may be below zero");
    return false;
  }
  if (body.mass == 0)
    diagnostics.warning("MODEL-016", file, body.at.line, "body '" + body.name + "' has no mass",
                        "Loads of joints that carry it miss its weight. Give it a mass if it has one.");
  return true;
}

}  // namespace

bool make_tree(const ModelSpec& spec, Model& model, Diagnostics& diagnostics) {
  bool sound = true;
  std::map<std::string, const BodySpec*> given_bodies;
  for (const BodySpec& body : spec.bodies) {
    sound = check_body(body, spec.file, diagnostics) && sound;
    given_bodies[body.name] = &body;
  }

  // which joint carries each body; in a joint given in reverse the file's parent is the carried one
  std::map<std::string, const JointSpec*> carrier;
  for (const JointSpec& joint : spec.joints) {
    for (const std::string& end : {joint.parent.body, joint.child.body})
      if (end != "ground" && !given_bodies.count(end)) {
        diagnostics.error("MODEL-003", spec.file, joint.at.line,
                          "joint '" + joint.name + "' stands on body '" + end + "', which the model does not have",
                          "Check the spelling of the body in joint '" + joint.name + "'.");
        sound = false;
      }
    const auto [it, fresh] = carrier.emplace(joint.child.body, &joint);
    if (!fresh) {
      diagnostics.error("MODEL-017", spec.file, joint.at.line,
                        "body '" + joint.child.body + "' is the child of two joints, '" + it->second->name + "' and '" +
                            joint.name + "'; closed chains are not simulated",
                        "Remove one of the joints.");
      sound = false;
    }
    if (joint.child.body == "ground") {
      diagnostics.error("MODEL-018", spec.file, joint.at.line, "joint '" + joint.name + "' has ground as its child",
                        "Swap parent and child.");
      sound = false;
    }
  }
  if (!sound) return false;

  Body ground;
  ground.name = "ground";
  model.bodies = {ground};
  std::map<std::string, int> index{{"ground", 0}}, level_of{{"ground", 0}};
  const auto add_joint = [&](const JointSpec& given) {
    Joint joint;
    joint.name = given.name;
    joint.kind = given.kind;
    joint.reversed = given.reversed;
    joint.parent_body = index.at(given.parent.body);
    joint.X_PF = given.parent.X_BF;
    joint.p_PF_given = joint.X_PF.p;
    joint.X_BM = given.child.X_BF;
    joint.X_MB = inverse(joint.X_BM);
    joint.X_PF_is_translation = has_identity_rotation(joint.X_PF);
    joint.X_MB_is_translation = has_identity_rotation(joint.X_MB);
    index[given.child.body] = static_cast<int>(model.bodies.size());
    level_of[given.child.body] = level_of.at(given.parent.body) + 1;
    model.bodies.push_back(make_body(*given_bodies.at(given.child.body)));
    model.joints.push_back(joint);
  };
  const auto is_moving_without_mass = [&](const JointSpec& given) {
    return !given.coordinates.empty() && given_bodies.at(given.child.body)->mass == 0;
  };
  const auto find_heaviest_child = [&](const std::string& parent) {
    const JointSpec* heaviest = nullptr;
    double most = 0;
    for (const JointSpec& given : spec.joints) {
      if (given.parent.body != parent || index.count(given.child.body)) continue;
      const double mass = given_bodies.at(given.child.body)->mass;
      if (mass > most) heaviest = &given, most = mass;
    }
    return heaviest;
  };

  // level by level from ground; only a moving body without mass is followed at once by its heaviest child
  bool grows = true;
  for (int level = 1; grows; ++level) {
    grows = false;
    for (const JointSpec& given : spec.joints) {
      if (index.count(given.child.body)) {
        grows = grows || level_of.at(given.child.body) == level;
        continue;
      }
      const auto parent = level_of.find(given.parent.body);
      if (parent == level_of.end() || parent->second != level - 1) continue;
      add_joint(given);
      grows = true;
      if (!is_moving_without_mass(given)) continue;
      if (const JointSpec* next = find_heaviest_child(given.child.body)) add_joint(*next);
    }
  }

  // what was not reached hangs in the air or on itself
  for (const BodySpec& body : spec.bodies) {
    if (index.count(body.name)) continue;
    const bool has_joint = carrier.count(body.name) > 0;
    diagnostics.error(
        "MODEL-019", spec.file, body.at.line,
        "body '" + body.name + "' " +
            (has_joint ? "is joined in a cycle that never reaches ground" : "has no joint that carries it"),
        "Every body must hang on ground through a chain of joints.");
    sound = false;
  }
  return sound;
}

}  // namespace buttress
