#include "recruit/recruitment_solver.inl"

#if defined(BUTTRESS_HAS_LANES)
namespace buttress {

template RecruitmentWorkspace<Lanes<double, 4>> make_recruitment_workspace<Lanes<double, 4>>(const RecruitmentPattern&);
template void solve_recruitment<Lanes<double, 4>>(const RecruitmentPattern&,
                                                  const RecruitmentProblem<Lanes<double, 4>>&,
                                                  const RecruitmentOptions&, RecruitmentWorkspace<Lanes<double, 4>>&);

}  // namespace buttress
#endif
