#include "recruit/recruitment_solver.inl"

#if defined(BUTTRESS_HAS_LANES)
namespace buttress {

template RecruitmentWorkspace<Lanes<double, 8>> make_recruitment_workspace<Lanes<double, 8>>(const RecruitmentPattern&);
template void solve_recruitment<Lanes<double, 8>>(const RecruitmentPattern&,
                                                  const RecruitmentProblem<Lanes<double, 8>>&,
                                                  const RecruitmentOptions&, RecruitmentWorkspace<Lanes<double, 8>>&);

}  // namespace buttress
#endif
