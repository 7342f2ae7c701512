// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";

/// @notice Rules, limits and warnings: {IModelRegistry}.
contract ModelRegistry is IModelRegistry, ERC721 {
    struct Price {
        // slot 0
        address token;
        uint96 amount;
    }

    /// @notice Shares of a model that a run made: one million.
    uint256 private constant SUPPLY = 1e24;

    /// @inheritdoc IModelRegistry
    IRoyalties public immutable royalties;
    address private immutable TRAINING;

    mapping(uint256 model => Price) private _prices;
    /// @dev The run that made a model; zero where its owner registered it.
    mapping(uint256 model => bytes32 runId) private _runs;
    mapping(uint256 model => mapping(bytes32 programId => bytes32)) private _manifests;

    constructor(IRoyalties royalties_, address training) ERC721("Essaim models", "ESSAIM-MODEL") {
        royalties = royalties_;
        TRAINING = training;
    }

    /// @inheritdoc IModelRegistry
    function register(
        bytes32 programId,
        bytes32 manifest,
        address token,
        uint96 price
    ) external returns (uint256 model) {
        model = _newModel(programId);
        _register(model, programId, manifest, token, price);
    }

    /// @inheritdoc IModelRegistry
    function registerDerived(
        bytes32 programId,
        bytes32 manifest,
        address token,
        uint96 price,
        IRoyalties.Parent[] calldata parents
    ) external returns (uint256 model) {
        model = _newModel(programId);
        royalties.descend(model, parents);
        _register(model, programId, manifest, token, price);
    }

    /// @inheritdoc IModelRegistry
    function registerTrained(
        address owner,
        bytes32 runId,
        bytes32 manifest,
        uint256 baseModel,
        uint16 baseRoyalty,
        uint256 dataset,
        uint32 version,
        uint16 dataRoyalty,
        address token
    ) external returns (uint256 model, address shares) {
        require(msg.sender == TRAINING, ModelRegistry_NotTraining(msg.sender));
        model = uint256(keccak256(abi.encode(runId)));
        require(_ownerOf(model) == address(0), ModelRegistry_Exists(model));
        royalties.descend(model, _parents(baseModel, baseRoyalty, dataset, version, dataRoyalty));
        (_runs[model], _prices[model]) = (runId, Price(token, 0));
        _mint(owner, model);
        emit Registered(model, owner, token, 0);
        (address[] memory holders, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (holders[0], amounts[0]) = (msg.sender, SUPPLY);
        shares = royalties.share(model, token, msg.sender, holders, amounts);
        emit Trained(model, runId, owner, manifest, shares);
    }

    /// @inheritdoc IModelRegistry
    function createShares(
        uint256 model,
        address[] calldata holders,
        uint256[] calldata amounts
    ) external returns (address shares) {
        _onlyOwner(model);
        shares = royalties.sharesOf(model);
        require(shares == address(0), ModelRegistry_HasShares(model, shares));
        shares = royalties.share(model, _prices[model].token, address(0), holders, amounts);
    }

    /// @inheritdoc IModelRegistry
    function addProgram(uint256 model, bytes32 programId, bytes32 manifest) external {
        _onlyOwner(model);
        require(_manifests[model][programId] == 0, ModelRegistry_ProgramExists(model, programId));
        _addProgram(model, programId, manifest);
    }

    /// @inheritdoc IModelRegistry
    function setPrice(uint256 model, address token, uint96 price) external {
        _onlyOwner(model);
        _prices[model] = Price(token, price);
        emit Priced(model, token, price);
    }

    /// @inheritdoc IModelRegistry
    function priceOf(uint256 model) public view returns (address token, uint96 price) {
        Price storage row = _prices[model];
        return (row.token, row.amount);
    }

    /// @inheritdoc IModelRegistry
    function manifestOf(uint256 model, bytes32 programId) public view returns (bytes32 manifest) {
        manifest = _manifests[model][programId];
        require(manifest != 0, ModelRegistry_NoProgram(model, programId));
    }

    /// @inheritdoc IModelRegistry
    function quote(uint256 model, bytes32 programId) external view returns (address token, uint96 price) {
        manifestOf(model, programId);
        return priceOf(model);
    }

    /// @inheritdoc IModelRegistry
    function lineageOf(uint256 model) external view returns (bytes32 runId, IRoyalties.Parent[] memory parents) {
        return (_runs[model], royalties.parentsOf(model));
    }

    /// @inheritdoc IModelRegistry
    function sharesOf(uint256 model) external view returns (address) {
        return royalties.sharesOf(model);
    }

    function _register(uint256 model, bytes32 programId, bytes32 manifest, address token, uint96 price) private {
        _prices[model] = Price(token, price);
        _mint(msg.sender, model);
        emit Registered(model, msg.sender, token, price);
        _addProgram(model, programId, manifest);
    }

    function _addProgram(uint256 model, bytes32 programId, bytes32 manifest) private {
        require(programId != 0 && manifest != 0, ModelRegistry_Zero());
        _manifests[model][programId] = manifest;
        emit ProgramAdded(model, programId, manifest);
    }

    /// @dev The caller's model with this first program, which must not be there yet.
    function _newModel(bytes32 programId) private view returns (uint256 model) {
        model = uint256(keccak256(abi.encode(msg.sender, programId)));
        require(_manifests[model][programId] == 0, ModelRegistry_Exists(model));
    }

    /// @dev What a run comes from; its data set is version 1 or later.
    function _parents(
        uint256 baseModel,
        uint16 baseRoyalty,
        uint256 dataset,
        uint32 version,
        uint16 dataRoyalty
    ) private pure returns (IRoyalties.Parent[] memory parents) {
        parents = new IRoyalties.Parent[]((baseModel == 0 ? 0 : 1) + (dataset == 0 ? 0 : 1));
        if (baseModel != 0) parents[0] = IRoyalties.Parent(baseModel, 0, baseRoyalty);
        if (dataset != 0) parents[parents.length - 1] = IRoyalties.Parent(dataset, version, dataRoyalty);
    }

    function _onlyOwner(uint256 model) private view {
        require(_requireOwned(model) == msg.sender, ModelRegistry_NotOwner(model, msg.sender));
    }
}
