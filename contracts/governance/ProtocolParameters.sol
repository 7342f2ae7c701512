// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {Line, ParameterTable, WORDS} from "./lib/ParameterTable.sol";

/// @notice Rules, limits and warnings: {IProtocolParameters}.
contract ProtocolParameters is IProtocolParameters {
    using ParameterTable for Line;

    uint256 private constant BETWEEN_CHANGES = 1 days;
    uint256 private constant LONGEST_PAUSE = 7 days;

    address private immutable TIMELOCK;

    // slot 0
    /// @inheritdoc IParameters
    uint16 public epoch = 1;
    /// @inheritdoc IProtocolParameters
    uint40 public pausedUntil;
    uint32 private _pauseLength;
    /// @inheritdoc IProtocolParameters
    address public guardian;
    // slot 1
    /// @inheritdoc IProtocolParameters
    uint40 public nextChange;

    /// @dev Words of {ParameterTable}, by epoch.
    mapping(uint256 epoch => uint256[WORDS]) private _words;
    /// @dev Position of a parameter in the table, plus one.
    mapping(bytes32 key => uint256) private _places;

    constructor(address timelock, address guardian_) {
        TIMELOCK = timelock;
        guardian = guardian_;
        emit GuardianSet(guardian_);
        for (uint256 word = 0; word < WORDS; word++) _words[1][word] = ParameterTable.initial(word);
        for (uint256 i = 0; i < ParameterTable.COUNT; i++) _places[ParameterTable.line(i).key] = i + 1;
    }

    modifier onlyTimelock() {
        require(msg.sender == TIMELOCK, Parameters_Caller(msg.sender, TIMELOCK));
        _;
    }

    /// @inheritdoc IProtocolParameters
    function change(bytes32[] calldata keys, uint256[] calldata values) external onlyTimelock {
        require(keys.length != 0 && keys.length == values.length, Parameters_Length(keys.length, values.length));
        require(block.timestamp >= nextChange, Parameters_TooSoon(nextChange));
        nextChange = uint40(block.timestamp + BETWEEN_CHANGES);
        uint256[WORDS] memory before = _words[epoch];
        uint256[WORDS] memory words = _words[epoch];
        uint16 begun = ++epoch;
        for (uint256 i = 0; i < keys.length; i++) {
            Line memory row = _line(keys[i]);
            uint256 old = row.read(before[row.word]);
            _requireAllowed(row, old, values[i]);
            words[row.word] = row.write(words[row.word], values[i]);
            emit Changed(begun, keys[i], old, values[i]);
        }
        _words[begun] = words;
    }

    /// @inheritdoc IProtocolParameters
    function pause(uint32 seconds_) external {
        require(msg.sender == guardian, Parameters_Caller(msg.sender, guardian));
        uint256 allowedFrom = uint256(pausedUntil) + _pauseLength;
        require(
            seconds_ != 0 && seconds_ <= LONGEST_PAUSE && block.timestamp >= allowedFrom,
            Parameters_Pause(seconds_, allowedFrom)
        );
        pausedUntil = uint40(block.timestamp + seconds_);
        _pauseLength = seconds_;
        emit Paused(msg.sender, pausedUntil);
    }

    /// @inheritdoc IProtocolParameters
    function unpause() external {
        require(msg.sender == guardian || msg.sender == TIMELOCK, Parameters_Caller(msg.sender, guardian));
        require(block.timestamp < pausedUntil, Parameters_NotPaused());
        pausedUntil = uint40(block.timestamp);
        emit Unpaused();
    }

    /// @inheritdoc IProtocolParameters
    function setGuardian(address guardian_) external onlyTimelock {
        guardian = guardian_;
        emit GuardianSet(guardian_);
    }

    /// @inheritdoc IParameters
    function newJobsAllowed() public view returns (bool) {
        return block.timestamp >= pausedUntil;
    }

    /// @inheritdoc IParameters
    function openEpoch() external view returns (uint16) {
        return newJobsAllowed() ? epoch : 0;
    }

    /// @inheritdoc IParameters
    function jobRules(uint16 epoch_) external view returns (JobRules memory) {
        uint256 w = _word(epoch_, 0);
        return
            JobRules(uint32(w), uint16(w >> 32), uint16(w >> 48), uint40(w >> 64), uint40(w >> 104), uint40(w >> 144));
    }

    /// @inheritdoc IParameters
    function feeRules(uint16 epoch_) external view returns (uint16 protocolFee, uint16 verificationFee, uint16 burned) {
        uint256 w = _word(epoch_, 1);
        return (uint16(w), uint16(w >> 16), uint16(w >> 208));
    }

    /// @inheritdoc IParameters
    function claimRules(
        uint16 epoch_
    ) external view returns (uint32 windowSeconds, uint32 windowBlocks, uint32 graceSeconds, uint32 graceBlocks) {
        uint256 w = _word(epoch_, 1);
        return (uint32(w >> 32), uint32(w >> 64), uint32(w >> 96), uint32(w >> 128));
    }

    /// @inheritdoc IParameters
    function slashRules(uint16 epoch_) external view returns (uint16 slash, uint16 bounty, uint16 compensation) {
        uint256 w = _word(epoch_, 1);
        return (uint16(w >> 160), uint16(w >> 176), uint16(w >> 192));
    }

    /// @inheritdoc IParameters
    function demandRules(uint16 epoch_) external view returns (DemandRules memory) {
        uint256 w = _word(epoch_, 2);
        return
            DemandRules(
                uint32(w),
                uint32(w >> 32),
                uint8(w >> 64),
                uint32(w >> 72),
                uint32(w >> 104),
                uint32(w >> 136)
            );
    }

    /// @inheritdoc IParameters
    function runRules(uint16 epoch_) external view returns (uint16 forfeit) {
        return uint16(_word(epoch_, 2) >> 232);
    }

    /// @inheritdoc IParameters
    function emissionRules(uint16 epoch_) external view returns (EmissionRules memory) {
        uint256 w = _word(epoch_, 3);
        return EmissionRules(uint16(w), uint16(w >> 16), uint16(w >> 32), uint40(w >> 48));
    }

    /// @inheritdoc IParameters
    function auditRules(uint16 epoch_) external view returns (AuditRules memory) {
        uint256 w = _word(epoch_, 4);
        return
            AuditRules({
                saving: uint16(w),
                lazy: uint16(w >> 16),
                margin: uint16(w >> 32),
                least: uint16(w >> 48),
                leaves: uint8(w >> 64),
                pay: uint16(w >> 72),
                planted: uint16(w >> 88),
                lock: uint40(w >> 104),
                missed: uint16(w >> 144),
                cost: uint40(w >> 160)
            });
    }

    /// @inheritdoc IParameters
    function accusationRules() external view returns (uint32 minBlocks, uint32 maxSeconds) {
        uint256 w = _word(epoch, 2);
        return (uint32(w >> 168), uint32(w >> 200));
    }

    /// @inheritdoc IProtocolParameters
    function count() external pure returns (uint256) {
        return ParameterTable.COUNT;
    }

    /// @inheritdoc IProtocolParameters
    function parameter(uint256 index) external view returns (Parameter memory) {
        require(index < ParameterTable.COUNT, Parameters_Unknown(bytes32(index)));
        return _parameter(ParameterTable.line(index));
    }

    /// @inheritdoc IProtocolParameters
    function parameterOf(bytes32 key) external view returns (Parameter memory) {
        return _parameter(_line(key));
    }

    function _parameter(Line memory row) private view returns (Parameter memory) {
        return Parameter(row.key, row.read(_words[epoch][row.word]), row.least, row.most, row.initial);
    }

    function _line(bytes32 key) private view returns (Line memory) {
        uint256 place = _places[key];
        require(place != 0, Parameters_Unknown(key));
        return ParameterTable.line(place - 1);
    }

    function _word(uint16 epoch_, uint256 word) private view returns (uint256 packed) {
        packed = _words[epoch_][word];
        require(packed != 0, Parameters_Epoch(epoch_));
    }

    /// @dev A value grows to at most twice and shrinks to at least half; small values move by at least one.
    function _requireAllowed(Line memory row, uint256 old, uint256 value) private pure {
        require(value >= row.least && value <= row.most, Parameters_Bounds(row.key, value, row.least, row.most));
        uint256 least = old / 2;
        uint256 most = old == 0 ? Math.max(1, row.most / 16) : old * 2;
        require(value >= least && value <= most, Parameters_Step(row.key, value, least, most));
    }
}
