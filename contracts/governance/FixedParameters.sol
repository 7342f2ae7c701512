// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IParameters} from "../interfaces/IParameters.sol";

/// @notice The first epoch's values, as constants: `docs/parameters.md` has bounds and reasons. See {IParameters}.
contract FixedParameters is IParameters {
    uint16 private constant EPOCH = 1;

    /// @inheritdoc IParameters
    function epoch() external pure returns (uint16) {
        return EPOCH;
    }

    /// @inheritdoc IParameters
    function newJobsAllowed() external pure virtual returns (bool) {
        return true;
    }

    /// @inheritdoc IParameters
    function jobRules(uint16 epoch_) external pure returns (JobRules memory) {
        _known(epoch_);
        return
            JobRules({
                freeExit: 10 minutes,
                lateness: 1_000,
                inputFault: 1_000,
                minimumStake: 1_000_000,
                collateralFloor: 100_000,
                collateralPerJobHeld: 10_000
            });
    }

    /// @inheritdoc IParameters
    function feeRules(uint16 epoch_) external pure returns (uint16 protocolFee, uint16 verificationFee, uint16 burned) {
        _known(epoch_);
        return (200, 300, 5_000);
    }

    /// @inheritdoc IParameters
    function claimRules(
        uint16 epoch_
    ) external pure returns (uint32 windowSeconds, uint32 windowBlocks, uint32 graceSeconds, uint32 graceBlocks) {
        _known(epoch_);
        return (24 hours, 3_600, 2 hours, 300);
    }

    /// @inheritdoc IParameters
    function slashRules(uint16 epoch_) external pure returns (uint16 slash, uint16 bounty, uint16 compensation) {
        _known(epoch_);
        return (10_000, 2_500, 2_000);
    }

    /// @inheritdoc IParameters
    function demandRules(uint16 epoch_) external pure returns (DemandRules memory) {
        _known(epoch_);
        return
            DemandRules({
                clockSeconds: 6 hours,
                clockBlocks: 900,
                extensions: 3,
                maxRange: 32_768,
                gasPerByte: 42,
                gasBase: 120_000
            });
    }

    /// @inheritdoc IParameters
    function runRules(uint16 epoch_) external pure returns (uint16 forfeit) {
        _known(epoch_);
        return 500;
    }

    /// @inheritdoc IParameters
    function emissionRules(uint16 epoch_) external pure returns (EmissionRules memory) {
        _known(epoch_);
        return EmissionRules(5_000, 2_000, 1_000, 100_000_000);
    }

    /// @inheritdoc IParameters
    function auditRules(uint16 epoch_) external pure returns (AuditRules memory) {
        _known(epoch_);
        return AuditRules(6_000, 3_333, 12_500, 100, 5, 9_000, 500, 250_000, 1_000, 1_000);
    }

    /// @inheritdoc IParameters
    function accusationRules() external pure returns (uint32 minBlocks, uint32 maxSeconds) {
        return (1, 2 hours);
    }

    function _known(uint16 epoch_) private pure {
        require(epoch_ == EPOCH, Parameters_Epoch(epoch_));
    }
}
