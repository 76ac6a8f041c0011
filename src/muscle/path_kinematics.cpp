#include "muscle/path_kinematics.inl"

namespace buttress {

template PathWorkspace<double> make_path_workspace<double>(const Model&, const PathPlan&);
template void update_paths<double>(const Model&, const PathPlan&, const Kinematics<double>&, const double*,
                                   PathWorkspace<double>&);

}  // namespace buttress
